package dev.athanor.tokenizers.json;

import dev.athanor.tokenizers.processors.ByteLevelProcessor;
import dev.athanor.tokenizers.processors.PostProcessor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The {@code post_processor} of a tokenizer.json. */
final class PostProcessorJson {

    private PostProcessorJson() {}

    static PostProcessor read(JsonNode node, String path) {
        return switch (Field.string(node, path, "type")) {
            case "ByteLevel" ->
                new ByteLevelProcessor(
                        Field.bool(node, path, "add_prefix_space", true),
                        Field.bool(node, path, "trim_offsets", true),
                        Field.bool(node, path, "use_regex", true));
            default -> throw Field.wrong(path, "type", node.path("type"), "a known post-processor");
        };
    }

    static ObjectNode write(PostProcessor processor) {
        ObjectNode node = TokenizerJson.NODES.objectNode();
        switch (processor) {
            case ByteLevelProcessor p -> {
                node.put("type", "ByteLevel");
                node.put("add_prefix_space", p.addPrefixSpace());
                node.put("trim_offsets", p.trimOffsets());
                node.put("use_regex", p.useRegex());
            }
            default ->
                throw new IllegalArgumentException(
                        "post_processor: " + processor.getClass().getSimpleName() + " has no form in tokenizer.json");
        }
        return node;
    }
}
