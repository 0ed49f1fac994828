package dev.athanor.tokenizers.json;

import dev.athanor.tokenizers.TextPattern;
import dev.athanor.tokenizers.pretokenizers.Behavior;
import dev.athanor.tokenizers.pretokenizers.BertPreTokenizer;
import dev.athanor.tokenizers.pretokenizers.ByteLevel;
import dev.athanor.tokenizers.pretokenizers.CharDelimiterSplit;
import dev.athanor.tokenizers.pretokenizers.Digits;
import dev.athanor.tokenizers.pretokenizers.EnglishWords;
import dev.athanor.tokenizers.pretokenizers.FixedLength;
import dev.athanor.tokenizers.pretokenizers.Metaspace;
import dev.athanor.tokenizers.pretokenizers.Metaspace.PrependScheme;
import dev.athanor.tokenizers.pretokenizers.PreTokenizer;
import dev.athanor.tokenizers.pretokenizers.PreTokenizerSequence;
import dev.athanor.tokenizers.pretokenizers.Punctuation;
import dev.athanor.tokenizers.pretokenizers.Split;
import dev.athanor.tokenizers.pretokenizers.TreebankWords;
import dev.athanor.tokenizers.pretokenizers.UnicodeScripts;
import dev.athanor.tokenizers.pretokenizers.Whitespace;
import dev.athanor.tokenizers.pretokenizers.WhitespaceSplit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
            case "Whitespace" -> new Whitespace();
            case "WhitespaceSplit" -> new WhitespaceSplit();
            case "BertPreTokenizer" -> new BertPreTokenizer();
            case "UnicodeScripts" -> new UnicodeScripts();
            case "Punctuation" -> new Punctuation(behavior(node, path));
            case "Digits" -> new Digits(Field.bool(node, path, "individual_digits", false));
            case "CharDelimiterSplit" -> new CharDelimiterSplit(Field.codePoint(node, path, "delimiter", ""));
            case "FixedLength" -> new FixedLength(Field.integer(node, path, "length", 5));
            case "TreebankWords" -> new TreebankWords();
            case "EnglishWords" -> new EnglishWords();
            case "Metaspace" ->
                new Metaspace(
                        Field.codePoint(node, path, "replacement", "\u2581"),
                        prependScheme(node, path),
                        Field.bool(node, path, "split", true));
            case "Sequence" -> {
                List<PreTokenizer> steps = new ArrayList<>();
                for (JsonNode step : Field.array(node, path, "pretokenizers")) {
                    steps.add(read(step, path + ".pretokenizers[" + steps.size() + "]"));
                }
                yield new PreTokenizerSequence(steps);
            }
            default ->
                throw Field.wrong(
                        path,
                        "type",
                        node.path("type"),
                        "ByteLevel, Whitespace, WhitespaceSplit, BertPreTokenizer, Metaspace, Punctuation, Digits, Split, "
                                + "UnicodeScripts, CharDelimiterSplit, FixedLength, TreebankWords, EnglishWords or Sequence");
        };
    }

    /** Files before version 0.15 of the library say add_prefix_space instead. */
    static PrependScheme prependScheme(JsonNode node, String path) {
        String absent = Field.bool(node, path, "add_prefix_space", true) ? "always" : "never";
        return switch (Field.string(node, path, "prepend_scheme", absent)) {
            case "always" -> PrependScheme.ALWAYS;
            case "first" -> PrependScheme.FIRST;
            case "never" -> PrependScheme.NEVER;
            default -> throw Field.wrong(path, "prepend_scheme", node.path("prepend_scheme"), "always, first or never");
        };
    }

    static ObjectNode metaspace(int replacement, PrependScheme scheme, boolean split) {
        return TokenizerJson.NODES
                .objectNode()
                .put("type", "Metaspace")
                .put("replacement", Character.toString(replacement))
                .put("prepend_scheme", scheme.name().toLowerCase(Locale.ROOT))
                .put("split", split);
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
            case Whitespace p -> node.put("type", "Whitespace");
            case WhitespaceSplit p -> node.put("type", "WhitespaceSplit");
            case BertPreTokenizer p -> node.put("type", "BertPreTokenizer");
            case UnicodeScripts p -> node.put("type", "UnicodeScripts");
            case Punctuation p -> node.put("type", "Punctuation").put("behavior", name(p.behavior()));
            case Digits p -> node.put("type", "Digits").put("individual_digits", p.individualDigits());
            case CharDelimiterSplit p ->
                node.put("type", "CharDelimiterSplit").put("delimiter", Character.toString(p.delimiter()));
            case TreebankWords p -> node.put("type", "TreebankWords");
            case EnglishWords p -> node.put("type", "EnglishWords");
            case FixedLength p -> node.put("type", "FixedLength").put("length", p.length());
            case Metaspace p -> node.setAll(metaspace(p.replacement(), p.prependScheme(), p.split()));
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
