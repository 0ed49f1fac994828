package dev.athanor.lm.format;

import dev.athanor.lm.format.SafetensorsFile.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * The tensors of one safetensors file, or of several with an index ({@code model.safetensors.index.json}), whose {@code weight_map}
 * says which file beside it holds which tensor.
 */
final class SafetensorsShards implements AutoCloseable {

    private static final String INDEX_SUFFIX = ".index.json";
    private static final int MOST_FILES = 10_000;

    private final Map<String, SafetensorsFile> files = new LinkedHashMap<>();
    private final Map<String, Tensor> tensors = new TreeMap<>();

    private SafetensorsShards() {}

    /**
     * @param file where there is no such file, its index is looked for beside it
     * @throws IOException if there is neither, or the index names what is not there
     */
    static SafetensorsShards open(Path file) throws IOException {
        var shards = new SafetensorsShards();
        try {
            Path index = file.resolveSibling(file.getFileName() + INDEX_SUFFIX);
            if (!Files.exists(file) && Files.exists(index)) {
                shards.readIndex(index);
            } else {
                shards.tensors.putAll(
                        shards.file(file, file.getFileName().toString()).tensors());
            }
            return shards;
        } catch (IOException | RuntimeException e) {
            shards.close();
            throw e;
        }
    }

    private void readIndex(Path index) throws IOException {
        JsonNode map = ConfigJson.readFile(index).path("weight_map");
        if (!map.isObject()) {
            throw new IOException(index.getFileName() + " has no object weight_map");
        }
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            String name = entry.getValue().asString("");
            if (!name.matches("[A-Za-z0-9._-]+\\.safetensors")) {
                throw new IOException(index.getFileName() + " says that tensor '" + entry.getKey() + "' is in '" + name
                        + "', expected the name of a safetensors file beside it");
            }
            tensors.put(entry.getKey(), file(index.resolveSibling(name), name).tensor(entry.getKey()));
        }
    }

    @SuppressWarnings("MustBeClosedChecker") // closed with the others
    private SafetensorsFile file(Path path, String name) throws IOException {
        SafetensorsFile known = files.get(name);
        if (known == null) {
            if (files.size() == MOST_FILES) {
                throw new IOException("an index names more than " + MOST_FILES + " files");
            }
            known = SafetensorsFile.open(path);
            files.put(name, known);
        }
        return known;
    }

    /** By name. */
    Map<String, Tensor> tensors() {
        return tensors;
    }

    /** @throws IOException if there is none of this name */
    Tensor tensor(String name) throws IOException {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IOException("no tensor '" + name + "'; there are " + tensors.size() + ", e.g. "
                    + tensors.keySet().stream().limit(5).toList());
        }
        return tensor;
    }

    @Override
    public void close() {
        files.values().forEach(SafetensorsFile::close);
    }
}
