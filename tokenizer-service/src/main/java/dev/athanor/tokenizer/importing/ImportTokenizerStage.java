package dev.athanor.tokenizer.importing;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.BlobRef;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.ImportTokenizerSpec;
import dev.athanor.contracts.spec.UploadedFile;
import dev.athanor.stage.api.Stage;
import dev.athanor.stage.api.StageContext;
import dev.athanor.stage.api.StageOutput;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import dev.athanor.stage.data.DataRoots;
import dev.athanor.tokenizers.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code tokenizer.import}: a file from a data root or an upload, in any of the known formats, to {@code tokenizer.json}. */
public final class ImportTokenizerStage implements Stage<ImportTokenizerSpec> {

    private static final long MOST_BYTES = 128L << 20;

    private final DataRoots roots;

    public ImportTokenizerStage(DataRoots roots) {
        this.roots = roots;
    }

    @Override
    public StageType type() {
        return StageType.IMPORT_TOKENIZER;
    }

    @Override
    public List<TaskPlan> plan(StageContext<ImportTokenizerSpec> context) throws IOException {
        if (context.round() > 0) {
            return List.of();
        }
        File file = File.of(context.spec(), roots, context.store());
        TokenizerFormat.of(context.spec().format(), file.name);
        return List.of(new TaskPlan("import", Json.tree(Map.of())));
    }

    @Override
    public TaskOutput execute(TaskContext<ImportTokenizerSpec> context) throws IOException {
        File file = File.of(context.spec(), roots, context.store());
        Tokenizer tokenizer = read(file, context.spec());
        BlobRef json = context.store().put(tokenizer.toJson().getBytes(StandardCharsets.UTF_8));
        long special = tokenizer.spec().addedTokens().stream()
                .filter(token -> token.special())
                .count();
        return new TaskOutput(
                List.of(new ArtifactFile("tokenizer.json", json)),
                new TreeMap<>(Map.of("vocabulary", (long) tokenizer.vocabSize(), "specialTokens", special)),
                Json.tree(Map.of()));
    }

    private static Tokenizer read(File file, ImportTokenizerSpec spec) throws IOException {
        long size = Files.size(file.path);
        if (size > MOST_BYTES) {
            throw new AthanorException(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "file '" + file.name + "' has " + size + " bytes, expected at most " + MOST_BYTES);
        }
        try {
            return TokenizerFormat.of(spec.format(), file.name).read(Files.readAllBytes(file.path), spec);
        } catch (IllegalArgumentException e) {
            throw new AthanorException(ErrorCode.INVALID_REQUEST, "file '" + file.name + "': " + e.getMessage(), e);
        }
    }

    @Override
    public StageOutput merge(StageContext<ImportTokenizerSpec> context) {
        TaskOutput only = context.outputs().getFirst();
        String licence = context.spec().licence();
        return new StageOutput(1, only.files(), only.counts(), licence == null ? List.of() : List.of(licence));
    }

    /** The file to import, by its name and where it lies. */
    private record File(String name, Path path) {

        static File of(ImportTokenizerSpec spec, DataRoots roots, ArtifactStore store) throws IOException {
            UploadedFile upload = spec.upload();
            if (upload != null) {
                return new File(upload.name(), store.local(upload.blob()));
            }
            Path path = roots.resolve("path", spec.path());
            if (!Files.isRegularFile(path)) {
                throw AthanorException.invalidSpec("path", spec.path(), "a file");
            }
            return new File(String.valueOf(path.getFileName()), path);
        }
    }
}
