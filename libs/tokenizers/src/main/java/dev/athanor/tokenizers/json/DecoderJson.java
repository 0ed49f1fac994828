package dev.athanor.tokenizers.json;

import dev.athanor.tokenizers.decoders.ByteLevelDecoder;
import dev.athanor.tokenizers.decoders.Decoder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The {@code decoder} of a tokenizer.json. */
final class DecoderJson {

    private DecoderJson() {}

    static Decoder read(JsonNode node, String path) {
        return switch (Field.string(node, path, "type")) {
            case "ByteLevel" ->
                new ByteLevelDecoder(
                        Field.bool(node, path, "add_prefix_space", true),
                        Field.bool(node, path, "trim_offsets", true),
                        Field.bool(node, path, "use_regex", true));
            default -> throw Field.wrong(path, "type", node.path("type"), "a known decoder");
        };
    }

    static ObjectNode write(Decoder decoder) {
        ObjectNode node = TokenizerJson.NODES.objectNode();
        switch (decoder) {
            case ByteLevelDecoder d -> {
                node.put("type", "ByteLevel");
                node.put("add_prefix_space", d.addPrefixSpace());
                node.put("trim_offsets", d.trimOffsets());
                node.put("use_regex", d.useRegex());
            }
            default ->
                throw new IllegalArgumentException(
                        "decoder: " + decoder.getClass().getSimpleName() + " has no form in tokenizer.json");
        }
        return node;
    }
}
