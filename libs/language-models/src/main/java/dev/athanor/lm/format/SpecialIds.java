package dev.athanor.lm.format;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Token ids that a {@code config.json} tells: what begins a text, what ends it, and what fills up batches. Where a file says nothing,
 * transformers takes those of the family's first model (1 and 2 for Llama, 50256 for GPT-2), so they are always written, also as null.
 *
 * @param begin null = none
 * @param ends empty = none; a model of conversations has several
 * @param padding null = none
 */
public record SpecialIds(
        @Nullable Integer begin,
        List<Integer> ends,
        @Nullable Integer padding) {

    private static final String BEGIN = "bos_token_id";
    private static final String END = "eos_token_id";
    private static final String PADDING = "pad_token_id";
    private static final int MOST_ENDS = 100;

    public static final SpecialIds NONE = new SpecialIds(null, List.of(), null);

    public SpecialIds {
        ends = List.copyOf(ends);
    }

    /** Whether the file says anything of them. */
    public static boolean in(JsonNode config) {
        return config.has(BEGIN) || config.has(END) || config.has(PADDING);
    }

    /** @throws IOException if one is no token id */
    public static SpecialIds read(JsonNode config) throws IOException {
        var ends = new ArrayList<Integer>();
        JsonNode end = config.path(END);
        if (end.isArray() && end.size() <= MOST_ENDS) {
            for (JsonNode one : end) {
                ends.add(id(END, one));
            }
        } else if (!absent(end)) {
            ends.add(id(END, end));
        }
        return new SpecialIds(orNull(config, BEGIN), ends, orNull(config, PADDING));
    }

    private static @Nullable Integer orNull(JsonNode config, String field) throws IOException {
        JsonNode value = config.path(field);
        // Llama's first files have -1 for "none".
        return absent(value) || (value.isInt() && value.asInt() == -1) ? null : Integer.valueOf(id(field, value));
    }

    private static boolean absent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private static int id(String field, JsonNode value) throws IOException {
        if (!value.isInt() || value.asInt() < 0) {
            throw new IOException("field " + field + " is " + value + ", expected a token id");
        }
        return value.asInt();
    }

    /** Into {@code config.json} or {@code generation_config.json}. */
    public void write(ObjectNode config) {
        config.put(BEGIN, begin);
        if (ends.size() > 1) {
            ArrayNode array = config.putArray(END);
            ends.forEach(array::add);
        } else {
            config.put(END, ends.isEmpty() ? null : ends.getFirst());
        }
        config.put(PADDING, padding);
    }
}
