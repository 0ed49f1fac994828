package dev.athanor.tokenizers.json;

import dev.athanor.tokenizers.Vocabulary;
import dev.athanor.tokenizers.models.Bpe;
import dev.athanor.tokenizers.models.Model;
import dev.athanor.tokenizers.models.Unigram;
import dev.athanor.tokenizers.models.WordLevel;
import dev.athanor.tokenizers.models.WordPiece;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The {@code model} of a tokenizer.json. */
final class ModelJson {

    private ModelJson() {}

    static Model read(JsonNode node) {
        return switch (type(node)) {
            case "BPE" -> bpe(node);
            case "WordPiece" ->
                new WordPiece(
                        vocabulary(node),
                        Field.string(node, "model", "unk_token", "[UNK]"),
                        Field.string(node, "model", "continuing_subword_prefix", "##"),
                        Field.integer(node, "model", "max_input_chars_per_word", 100));
            case "WordLevel" -> new WordLevel(vocabulary(node), Field.string(node, "model", "unk_token", "<unk>"));
            case "Unigram" -> unigram(node);
            default -> throw Field.wrong("model", "type", node.path("type"), "BPE, WordPiece, WordLevel or Unigram");
        };
    }

    /** Old files leave the type out; their fields tell. */
    private static String type(JsonNode node) {
        if (node.has("type")) {
            return Field.string(node, "model", "type");
        }
        if (node.has("merges")) {
            return "BPE";
        }
        if (node.has("max_input_chars_per_word")) {
            return "WordPiece";
        }
        return node.path("vocab").isArray() ? "Unigram" : "WordLevel";
    }

    private static Bpe bpe(JsonNode node) {
        List<Bpe.Merge> merges = new ArrayList<>();
        for (JsonNode merge : Field.array(node, "model", "merges")) {
            merges.add(merge(merge, merges.size()));
        }
        JsonNode dropout = node.path("dropout");
        return new Bpe(
                vocabulary(node),
                merges,
                new Bpe.Options(
                        dropout.isNumber() ? dropout.doubleValue() : null,
                        Field.stringOrNull(node, "model", "unk_token"),
                        Field.stringOrNull(node, "model", "continuing_subword_prefix"),
                        Field.stringOrNull(node, "model", "end_of_word_suffix"),
                        Field.bool(node, "model", "fuse_unk", false),
                        Field.bool(node, "model", "byte_fallback", false),
                        Field.bool(node, "model", "ignore_merges", false)));
    }

    private static Bpe.Merge merge(JsonNode merge, int rank) {
        if (merge.isArray()
                && merge.size() == 2
                && merge.get(0).isString()
                && merge.get(1).isString()) {
            return new Bpe.Merge(merge.get(0).stringValue(), merge.get(1).stringValue());
        }
        String text = merge.isString() ? merge.stringValue() : "";
        int space = text.indexOf(' ');
        if (space <= 0 || space != text.lastIndexOf(' ') || space == text.length() - 1) {
            throw Field.wrong("model.merges", String.valueOf(rank), merge, "[\"left\", \"right\"] or \"left right\"");
        }
        return new Bpe.Merge(text.substring(0, space), text.substring(space + 1));
    }

    private static Unigram unigram(JsonNode node) {
        List<Unigram.ScoredToken> tokens = new ArrayList<>();
        for (JsonNode entry : Field.array(node, "model", "vocab")) {
            if (entry.size() != 2 || !entry.path(0).isString() || !entry.path(1).isNumber()) {
                throw Field.wrong("model.vocab", String.valueOf(tokens.size()), entry, "[\"token\", score]");
            }
            tokens.add(new Unigram.ScoredToken(
                    entry.get(0).stringValue(), entry.get(1).doubleValue()));
        }
        JsonNode unk = node.path("unk_id");
        return new Unigram(
                tokens,
                unk.isNull() || unk.isMissingNode() ? null : Field.integer(node, "model", "unk_id"),
                Field.bool(node, "model", "byte_fallback", false));
    }

    private static Vocabulary vocabulary(JsonNode node) {
        Map<String, Integer> ids = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry :
                Field.object(node, "model", "vocab").properties()) {
            if (!entry.getValue().isIntegralNumber() || !entry.getValue().canConvertToInt()) {
                throw Field.wrong("model.vocab", entry.getKey(), entry.getValue(), "an id");
            }
            ids.put(entry.getKey(), entry.getValue().intValue());
        }
        return Vocabulary.of(ids);
    }

    static ObjectNode write(Model model) {
        ObjectNode node = TokenizerJson.NODES.objectNode();
        switch (model) {
            case Bpe bpe -> write(bpe, node);
            case WordPiece m -> {
                node.put("type", "WordPiece");
                node.put("unk_token", m.unkToken());
                node.put("continuing_subword_prefix", m.continuingSubwordPrefix());
                node.put("max_input_chars_per_word", m.maxInputCharsPerWord());
                write(m.vocabulary(), node);
            }
            case WordLevel m -> {
                node.put("type", "WordLevel");
                write(m.vocabulary(), node);
                node.put("unk_token", m.unkToken());
            }
            case Unigram m -> {
                node.put("type", "Unigram");
                node.put("unk_id", m.unkId());
                var vocab = node.putArray("vocab");
                m.tokens().forEach(t -> vocab.addArray().add(t.token()).add(t.score()));
                node.put("byte_fallback", m.byteFallback());
            }
        }
        return node;
    }

    private static void write(Bpe bpe, ObjectNode node) {
        Bpe.Options o = bpe.options();
        node.put("type", "BPE");
        node.put("dropout", o.dropout());
        node.put("unk_token", o.unkToken());
        node.put("continuing_subword_prefix", o.continuingSubwordPrefix());
        node.put("end_of_word_suffix", o.endOfWordSuffix());
        node.put("fuse_unk", o.fuseUnk());
        node.put("byte_fallback", o.byteFallback());
        node.put("ignore_merges", o.ignoreMerges());
        write(bpe.vocabulary(), node);
        var merges = node.putArray("merges");
        bpe.merges().forEach(m -> merges.addArray().add(m.left()).add(m.right()));
    }

    private static void write(Vocabulary vocabulary, ObjectNode node) {
        ObjectNode ids = node.putObject("vocab");
        vocabulary.byId().forEach((id, token) -> ids.put(token, id));
    }
}
