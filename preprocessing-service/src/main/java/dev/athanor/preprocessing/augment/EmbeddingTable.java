package dev.athanor.preprocessing.augment;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.Checks;
import dev.athanor.contracts.json.Json;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Some token embeddings of a language model, read from its {@code model.safetensors} (an 8-byte little-endian length, a JSON header,
 * the tensors' bytes) without loading the model.
 *
 * @param values of shape (wanted tokens, width), row by row
 */
record EmbeddingTable(float[] values, int width) {

    private static final long LARGEST_HEADER = 100_000_000;
    private static final long MOST_VALUES = 250_000_000;
    /** Ends of the names that Llama, GPT-2 and BERT layouts have for it. */
    private static final List<String> NAMES =
            List.of("embed_tokens.weight", "wte.weight", "word_embeddings.weight", "tokens.weight");

    /**
     * @param ids of the tokens that are wanted, ascending; those without a row are left out
     * @throws AthanorException INVALID_SPEC when there is no such tensor, or not one of floats in two dimensions
     */
    static EmbeddingTable read(InputStream safetensors, int[] ids) throws IOException {
        var in = new DataInputStream(safetensors);
        long length = Long.reverseBytes(in.readLong());
        check(length > 0 && length <= LARGEST_HEADER, "a safetensors header");
        JsonNode tensor = tensor(in.readNBytes((int) length));
        JsonNode shape = tensor.path("shape");
        JsonNode offsets = tensor.path("data_offsets");
        check(shape.size() == 2 && offsets.size() == 2, "token embeddings in two dimensions");
        long rows = shape.get(0).asLong();
        long width = shape.get(1).asLong();
        check(
                rows > 0 && width > 0 && rows <= MOST_VALUES / width,
                "token embeddings of at most " + MOST_VALUES + " values");
        int[] wanted = Arrays.stream(ids).filter(id -> id < rows).toArray();
        var values = new float[wanted.length * (int) width];
        try {
            in.skipNBytes(offsets.get(0).asLong());
            fill(values, wanted, (int) width, in, tensor.path("dtype").asString(""));
        } catch (EOFException e) {
            check(false, "a whole file");
        }
        return new EmbeddingTable(values, (int) width);
    }

    private static JsonNode tensor(byte[] header) {
        try {
            for (Map.Entry<String, JsonNode> entry :
                    Json.MAPPER.readTree(header).properties()) {
                if (NAMES.stream().anyMatch(entry.getKey()::endsWith)) {
                    return entry.getValue();
                }
            }
        } catch (JacksonException e) {
            throw AthanorException.invalidSpec(
                    "embedding.model", e.getOriginalMessage(), "a safetensors header in JSON");
        }
        throw AthanorException.invalidSpec("embedding.model", "no such tensor", "token embeddings, one of " + NAMES);
    }

    /** Row by row, so that beside the wanted ones no more than one is held. */
    private static void fill(float[] values, int[] wanted, int width, InputStream in, String type) throws IOException {
        int size = type.equals("F32") ? Float.BYTES : Short.BYTES;
        check(List.of("F32", "F16", "BF16").contains(type), "token embeddings in F32, F16 or BF16");
        var bytes = new byte[width * size];
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int next = 0;
        for (int i = 0; i < wanted.length; i++) {
            in.skipNBytes((long) (wanted[i] - next) * bytes.length);
            check(in.readNBytes(bytes, 0, bytes.length) == bytes.length, "a whole file");
            next = wanted[i] + 1;
            buffer.clear();
            for (int to = i * width; to < (i + 1) * width; to++) {
                values[to] = switch (type) {
                    case "F32" -> buffer.getFloat();
                    case "F16" -> Float.float16ToFloat(buffer.getShort());
                    default -> Float.intBitsToFloat(buffer.getShort() << 16);
                };
            }
        }
    }

    private static void check(boolean condition, String expected) {
        Checks.that(condition, "embedding.model", "a file of another form", expected);
    }
}
