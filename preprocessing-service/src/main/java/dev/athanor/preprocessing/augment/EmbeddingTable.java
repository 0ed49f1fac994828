package dev.athanor.preprocessing.augment;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.Checks;
import dev.athanor.contracts.json.Json;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The token embeddings of a language model, read from its {@code model.safetensors} (an 8-byte little-endian length, a JSON header,
 * the tensors' bytes) without loading the model.
 *
 * @param values of shape (tokens, width), row by row
 */
record EmbeddingTable(float[] values, int width) {

    private static final long LARGEST_HEADER = 100_000_000;
    private static final long MOST_VALUES = 250_000_000;
    private static final int CHUNK = 1 << 16;
    /** Ends of the names that Llama, GPT-2 and BERT layouts have for it. */
    private static final List<String> NAMES =
            List.of("embed_tokens.weight", "wte.weight", "word_embeddings.weight", "tokens.weight");

    /** @throws AthanorException INVALID_SPEC when there is no such tensor, or not one of floats in two dimensions */
    static EmbeddingTable read(InputStream safetensors) throws IOException {
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
        in.skipNBytes(offsets.get(0).asLong());
        var values = new float[(int) (rows * width)];
        String type = tensor.path("dtype").asString("");
        fill(values, in, type);
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

    private static void fill(float[] values, InputStream in, String type) throws IOException {
        int size = type.equals("F32") ? Float.BYTES : Short.BYTES;
        check(List.of("F32", "F16", "BF16").contains(type), "token embeddings in F32, F16 or BF16");
        for (int from = 0; from < values.length; from += CHUNK) {
            int count = Math.min(CHUNK, values.length - from);
            byte[] bytes = in.readNBytes(count * size);
            check(bytes.length == count * size, "a whole file");
            ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = from; i < from + count; i++) {
                values[i] = switch (type) {
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
