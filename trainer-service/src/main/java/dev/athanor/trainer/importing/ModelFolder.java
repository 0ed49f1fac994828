package dev.athanor.trainer.importing;

import static dev.athanor.contracts.spec.ImportModelSpec.CONFIG;
import static dev.athanor.contracts.spec.ImportModelSpec.INDEX;
import static dev.athanor.contracts.spec.ImportModelSpec.TOKENIZER;
import static dev.athanor.contracts.spec.ImportModelSpec.WEIGHTS;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.spec.ImportModelSpec;
import dev.athanor.contracts.spec.UploadedFile;
import dev.athanor.lm.format.ConfigJson;
import dev.athanor.stage.data.DataRoots;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Where the files of a model to be imported lie, by name: those that were uploaded, or those of a folder that may be read. No name
 * leads anywhere else: uploads are found by their content, files of the folder must lie in a data root whatever links say.
 *
 * @param files all that the import reads
 */
record ModelFolder(Map<String, Path> files) {

    private static final long MOST_JSON_BYTES = 64L << 20;

    private static final int MOST_SHARDS = 1000;

    static ModelFolder of(ImportModelSpec spec, DataRoots roots, ArtifactStore store, boolean tokenizer)
            throws IOException {
        var files = new TreeMap<String, Path>();
        if (!spec.uploads().isEmpty()) {
            for (UploadedFile upload : spec.uploads()) {
                files.put(upload.name(), store.local(upload.blob()));
            }
            return complete(files, tokenizer, "uploads");
        }
        if (!Files.isDirectory(roots.resolve("path", spec.path()))) {
            throw AthanorException.invalidSpec("path", spec.path(), "a folder with " + CONFIG + " and " + WEIGHTS);
        }
        for (String name : List.of(CONFIG, WEIGHTS, INDEX, TOKENIZER)) {
            find(spec, roots, name, files);
        }
        if (!files.containsKey(WEIGHTS) && files.containsKey(INDEX)) {
            for (String shard : shards(Objects.requireNonNull(files.get(INDEX)))) {
                find(spec, roots, shard, files);
            }
        }
        return complete(files, tokenizer, "path");
    }

    private static void find(ImportModelSpec spec, DataRoots roots, String name, Map<String, Path> files)
            throws IOException {
        Path folder = roots.resolve("path", spec.path());
        if (Files.exists(folder.resolve(name))) {
            Path file = roots.resolve("path", folder.resolve(name).toString());
            if (Files.isRegularFile(file)) {
                files.put(name, file);
            }
        }
    }

    private static ModelFolder complete(Map<String, Path> files, boolean tokenizer, String field) throws IOException {
        require(files, field, CONFIG);
        if (tokenizer) {
            require(files, field, TOKENIZER);
        }
        if (!files.containsKey(WEIGHTS)) {
            require(files, field, INDEX);
            for (String shard : shards(Objects.requireNonNull(files.get(INDEX)))) {
                require(files, field, shard);
            }
        }
        for (String json : List.of(CONFIG, INDEX, TOKENIZER)) {
            bounded(json, files.get(json));
        }
        return new ModelFolder(files);
    }

    private static void require(Map<String, Path> files, String field, String name) {
        if (!files.containsKey(name)) {
            throw AthanorException.invalidSpec(
                    field,
                    files.keySet(),
                    name.equals(INDEX)
                            ? WEIGHTS + ", or " + INDEX + " and the files that it names (pickled weights are not read)"
                            : name.equals(TOKENIZER) ? name + ", or an artifact as the input tokenizer" : name);
        }
    }

    private static void bounded(String name, @Nullable Path file) throws IOException {
        if (file != null && Files.size(file) > MOST_JSON_BYTES) {
            throw new AthanorException(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "file '" + name + "' has " + Files.size(file) + " bytes, expected at most " + MOST_JSON_BYTES);
        }
    }

    private static TreeSet<String> shards(Path index) throws IOException {
        bounded(INDEX, index);
        var names = new TreeSet<String>();
        for (var entry : Faults.named(INDEX, () -> ConfigJson.readFile(index)).path("weight_map")) {
            String name = entry.asString("");
            if (!ImportModelSpec.isShard(name)) {
                throw Faults.of(INDEX, "weight_map names '" + name + "', expected a .safetensors file beside it");
            }
            names.add(name);
        }
        if (names.isEmpty() || names.size() > MOST_SHARDS) {
            throw Faults.of(INDEX, "weight_map names " + names.size() + " files, expected 1 to " + MOST_SHARDS);
        }
        return names;
    }

    /** As one folder of links. */
    Path link(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Map.Entry<String, Path> file : files.entrySet()) {
            Files.createSymbolicLink(
                    folder.resolve(file.getKey()), file.getValue().toAbsolutePath());
        }
        return folder;
    }
}
