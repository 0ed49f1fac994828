package dev.athanor.tokenizers.json;

import dev.athanor.tokenizers.TextPattern;
import dev.athanor.tokenizers.pretokenizers.Behavior;
import dev.athanor.tokenizers.pretokenizers.ByteLevel;
import dev.athanor.tokenizers.pretokenizers.PreTokenizer;
import dev.athanor.tokenizers.pretokenizers.PreTokenizerSequence;
import dev.athanor.tokenizers.pretokenizers.Split;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The {@code pre_tokenizer} of a tokenizer.json. */
final class PreTokenizerJson {

    private PreTokenizerJson() {}

    static PreTokenizer read(JsonNode node, String path) {
        return switch (Field.string(node, path, "type")) {
            case "ByteLevel" ->
                new ByteLevel(
                        Field.bool(node, path, "add_prefix_space", true),
                        Field.bool(node, path, "trim_offsets", true),
                        Field.bool(node, path, "use_regex", true));
            case "Split" ->
                new Split(
                        pattern(Field.object(node, path, "pattern"), path + ".pattern"),
                        behavior(node, path),
                        Field.bool(node, path, "invert", false));
            case "Sequence" -> {
                List<PreTokenizer> steps = new ArrayList<>();
                for (JsonNode step : Field.array(node, path, "pretokenizers")) {
                    steps.add(read(step, path + ".pretokenizers[" + steps.size() + "]"));
                }
                yield new PreTokenizerSequence(steps);
            }
            default -> throw Field.wrong(path, "type", node.path("type"), "a known pre-tokenizer");
        };
    }

    static TextPattern pattern(JsonNode node, String path) {
        return node.has("Regex")
                ? TextPattern.regex(Field.string(node, path, "Regex"))
                : TextPattern.string(Field.string(node, path, "String"));
    }

    static ObjectNode write(TextPattern pattern) {
        return TokenizerJson.NODES.objectNode().put(pattern.regex() ? "Regex" : "String", pattern.text());
    }

    static Behavior behavior(JsonNode node, String path) {
        return switch (Field.string(node, path, "behavior", "Isolated")) {
            case "Removed" -> Behavior.REMOVED;
            case "Isolated" -> Behavior.ISOLATED;
            case "MergedWithPrevious" -> Behavior.MERGED_WITH_PREVIOUS;
            case "MergedWithNext" -> Behavior.MERGED_WITH_NEXT;
            case "Contiguous" -> Behavior.CONTIGUOUS;
            default ->
                throw Field.wrong(
                        path,
                        "behavior",
                        node.path("behavior"),
                        "Removed, Isolated, MergedWithPrevious, MergedWithNext or Contiguous");
        };
    }

    static String name(Behavior behavior) {
        return switch (behavior) {
            case REMOVED -> "Removed";
            case ISOLATED -> "Isolated";
            case MERGED_WITH_PREVIOUS -> "MergedWithPrevious";
            case MERGED_WITH_NEXT -> "MergedWithNext";
            case CONTIGUOUS -> "Contiguous";
        };
    }

    static ObjectNode write(PreTokenizer preTokenizer) {
        ObjectNode node = TokenizerJson.NODES.objectNode();
        switch (preTokenizer) {
            case ByteLevel p -> {
                node.put("type", "ByteLevel");
                node.put("add_prefix_space", p.addPrefixSpace());
                node.put("trim_offsets", p.trimOffsets());
                node.put("use_regex", p.useRegex());
            }
            case Split p -> {
                node.put("type", "Split");
                node.set("pattern", write(p.pattern()));
                node.put("behavior", name(p.behavior()));
                node.put("invert", p.invert());
            }
            case PreTokenizerSequence p -> {
                node.put("type", "Sequence");
                var steps = node.putArray("pretokenizers");
                p.steps().forEach(step -> steps.add(write(step)));
            }
            default ->
                throw new IllegalArgumentException(
                        "pre_tokenizer: " + preTokenizer.getClass().getSimpleName() + " has no form in tokenizer.json");
        }
        return node;
    }
}
