package dev.athanor.tokenizers.json;

import dev.athanor.tokenizers.AddedToken;
import dev.athanor.tokenizers.Padding;
import dev.athanor.tokenizers.TokenizerSpec;
import dev.athanor.tokenizers.Truncation;
import dev.athanor.tokenizers.Vocabulary;
import dev.athanor.tokenizers.models.Model;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The tokenizer.json format of the Hugging Face tokenizers library (version 1.0), both ways. */
public final class TokenizerJson {

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(64)
                            .maxStringLength(16_000_000)
                            .build())
                    .build())
            .build();

    static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private TokenizerJson() {}

    /** @throws IllegalArgumentException if the text is no tokenizer.json; the message names the field */
    public static TokenizerSpec read(String json) {
        JsonNode root;
        try {
            root = MAPPER.readTree(json);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("tokenizer.json: not JSON: " + e.getOriginalMessage(), e);
        }
        if (!root.isObject()) {
            throw new IllegalArgumentException("tokenizer.json: expected an object");
        }
        Model model = ModelJson.read(Field.object(root, "tokenizer.json", "model"));
        return new TokenizerSpec(
                truncation(root.path("truncation")),
                padding(root.path("padding")),
                addedTokens(root.path("added_tokens"), model.vocabulary()),
                absent(root, "normalizer") ? null : NormalizerJson.read(root.path("normalizer"), "normalizer"),
                absent(root, "pre_tokenizer")
                        ? null
                        : PreTokenizerJson.read(root.path("pre_tokenizer"), "pre_tokenizer"),
                absent(root, "post_processor")
                        ? null
                        : PostProcessorJson.read(root.path("post_processor"), "post_processor"),
                absent(root, "decoder") ? null : DecoderJson.read(root.path("decoder"), "decoder"),
                model);
    }

    private static boolean absent(JsonNode root, String name) {
        return root.path(name).isMissingNode() || root.path(name).isNull();
    }

    public static String write(TokenizerSpec spec) {
        ObjectNode root = NODES.objectNode();
        root.put("version", "1.0");
        root.set("truncation", truncation(spec.truncation()));
        root.set("padding", padding(spec.padding()));
        var added = root.putArray("added_tokens");
        spec.addedTokens().stream()
                .sorted(Comparator.comparingInt(AddedToken::id))
                .forEach(t -> {
                    ObjectNode node = added.addObject();
                    node.put("id", t.id());
                    node.put("content", t.content());
                    node.put("single_word", t.singleWord());
                    node.put("lstrip", t.lstrip());
                    node.put("rstrip", t.rstrip());
                    node.put("normalized", t.normalized());
                    node.put("special", t.special());
                });
        root.set("normalizer", spec.normalizer() == null ? NODES.nullNode() : NormalizerJson.write(spec.normalizer()));
        root.set(
                "pre_tokenizer",
                spec.preTokenizer() == null ? NODES.nullNode() : PreTokenizerJson.write(spec.preTokenizer()));
        root.set(
                "post_processor",
                spec.postProcessor() == null ? NODES.nullNode() : PostProcessorJson.write(spec.postProcessor()));
        root.set("decoder", spec.decoder() == null ? NODES.nullNode() : DecoderJson.write(spec.decoder()));
        root.set("model", ModelJson.write(spec.model()));
        return MAPPER.writeValueAsString(root);
    }

    /** A token that the vocabulary has keeps its id there, whatever the file says; the reference does so too. */
    private static List<AddedToken> addedTokens(JsonNode nodes, Vocabulary vocabulary) {
        List<AddedToken> tokens = new ArrayList<>();
        for (JsonNode node : nodes) {
            String path = "added_tokens[" + tokens.size() + "]";
            boolean special = Field.bool(node, path, "special", false);
            String content = Field.string(node, path, "content");
            int id = Field.integer(node, path, "id");
            int known = vocabulary.id(content);
            tokens.add(new AddedToken(
                    known == Vocabulary.ABSENT ? id : known,
                    content,
                    Field.bool(node, path, "single_word", false),
                    Field.bool(node, path, "lstrip", false),
                    Field.bool(node, path, "rstrip", false),
                    Field.bool(node, path, "normalized", !special),
                    special));
        }
        return tokens;
    }

    private static @Nullable Truncation truncation(JsonNode node) {
        if (!node.isObject()) {
            return null;
        }
        String strategy = Field.string(node, "truncation", "strategy", "LongestFirst");
        return new Truncation(
                Field.integer(node, "truncation", "max_length"),
                switch (strategy) {
                    case "LongestFirst" -> Truncation.Strategy.LONGEST_FIRST;
                    case "OnlyFirst" -> Truncation.Strategy.ONLY_FIRST;
                    case "OnlySecond" -> Truncation.Strategy.ONLY_SECOND;
                    default ->
                        throw Field.wrong(
                                "truncation",
                                "strategy",
                                node.path("strategy"),
                                "LongestFirst, OnlyFirst or OnlySecond");
                },
                Field.integer(node, "truncation", "stride", 0),
                side(node, "truncation"));
    }

    private static Truncation.Side side(JsonNode node, String path) {
        return switch (Field.string(node, path, "direction", "Right")) {
            case "Right" -> Truncation.Side.RIGHT;
            case "Left" -> Truncation.Side.LEFT;
            default -> throw Field.wrong(path, "direction", node.path("direction"), "Left or Right");
        };
    }

    private static JsonNode truncation(@Nullable Truncation truncation) {
        if (truncation == null) {
            return NODES.nullNode();
        }
        ObjectNode node = NODES.objectNode();
        node.put("direction", truncation.direction() == Truncation.Side.LEFT ? "Left" : "Right");
        node.put("max_length", truncation.maxLength());
        node.put(
                "strategy",
                switch (truncation.strategy()) {
                    case LONGEST_FIRST -> "LongestFirst";
                    case ONLY_FIRST -> "OnlyFirst";
                    case ONLY_SECOND -> "OnlySecond";
                });
        node.put("stride", truncation.stride());
        return node;
    }

    private static @Nullable Padding padding(JsonNode node) {
        if (!node.isObject()) {
            return null;
        }
        JsonNode strategy = node.path("strategy");
        Integer length = strategy.isObject() ? Field.integer(strategy, "padding.strategy", "Fixed") : null;
        if (length == null && !strategy.isMissingNode() && !"BatchLongest".equals(strategy.asString())) {
            throw Field.wrong("padding", "strategy", strategy, "\"BatchLongest\" or {\"Fixed\": length}");
        }
        JsonNode multiple = node.path("pad_to_multiple_of");
        return new Padding(
                length,
                side(node, "padding"),
                multiple.isNull() || multiple.isMissingNode()
                        ? null
                        : Field.integer(node, "padding", "pad_to_multiple_of"),
                Field.integer(node, "padding", "pad_id", 0),
                Field.integer(node, "padding", "pad_type_id", 0),
                Field.string(node, "padding", "pad_token", "[PAD]"));
    }

    private static JsonNode padding(@Nullable Padding padding) {
        if (padding == null) {
            return NODES.nullNode();
        }
        ObjectNode node = NODES.objectNode();
        if (padding.length() == null) {
            node.put("strategy", "BatchLongest");
        } else {
            node.putObject("strategy").put("Fixed", padding.length());
        }
        node.put("direction", padding.direction() == Truncation.Side.LEFT ? "Left" : "Right");
        node.put("pad_to_multiple_of", padding.multipleOf());
        node.put("pad_id", padding.padId());
        node.put("pad_type_id", padding.padTypeId());
        node.put("pad_token", padding.padToken());
        return node;
    }
}
