package dev.athanor.tokenizers.json;

import dev.athanor.tokenizers.normalizers.Normalizer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The {@code normalizer} of a tokenizer.json. */
final class NormalizerJson {

    private NormalizerJson() {}

    static Normalizer read(JsonNode node, String path) {
        throw Field.wrong(path, "type", node.path("type"), "a known normalizer");
    }

    static ObjectNode write(Normalizer normalizer) {
        throw new IllegalArgumentException(
                "normalizer: " + normalizer.getClass().getSimpleName() + " has no form in tokenizer.json");
    }
}
