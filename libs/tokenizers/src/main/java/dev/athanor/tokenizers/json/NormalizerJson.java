package dev.athanor.tokenizers.json;

import dev.athanor.tokenizers.normalizers.BertNormalizer;
import dev.athanor.tokenizers.normalizers.ByteLevelNormalizer;
import dev.athanor.tokenizers.normalizers.Lowercase;
import dev.athanor.tokenizers.normalizers.Nmt;
import dev.athanor.tokenizers.normalizers.Normalizer;
import dev.athanor.tokenizers.normalizers.NormalizerSequence;
import dev.athanor.tokenizers.normalizers.Precompiled;
import dev.athanor.tokenizers.normalizers.Prepend;
import dev.athanor.tokenizers.normalizers.Replace;
import dev.athanor.tokenizers.normalizers.Strip;
import dev.athanor.tokenizers.normalizers.StripAccents;
import dev.athanor.tokenizers.normalizers.UnicodeNormalizer;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The {@code normalizer} of a tokenizer.json. */
final class NormalizerJson {

    private NormalizerJson() {}

    static Normalizer read(JsonNode node, String path) {
        return switch (Field.string(node, path, "type")) {
            case "NFC" -> new UnicodeNormalizer(Form.NFC);
            case "NFD" -> new UnicodeNormalizer(Form.NFD);
            case "NFKC" -> new UnicodeNormalizer(Form.NFKC);
            case "NFKD" -> new UnicodeNormalizer(Form.NFKD);
            case "Lowercase" -> new Lowercase();
            case "StripAccents" -> new StripAccents();
            case "Nmt" -> new Nmt();
            case "ByteLevel" -> new ByteLevelNormalizer();
            case "Prepend" -> new Prepend(Field.string(node, path, "prepend"));
            case "Strip" ->
                new Strip(Field.bool(node, path, "strip_left", true), Field.bool(node, path, "strip_right", true));
            case "BertNormalizer" ->
                new BertNormalizer(
                        Field.bool(node, path, "clean_text", true),
                        Field.bool(node, path, "handle_chinese_chars", true),
                        node.path("strip_accents").isBoolean()
                                ? node.path("strip_accents").booleanValue()
                                : null,
                        Field.bool(node, path, "lowercase", true));
            case "Replace" ->
                new Replace(
                        PreTokenizerJson.pattern(Field.object(node, path, "pattern"), path + ".pattern"),
                        Field.string(node, path, "content"));
            case "Precompiled" -> precompiled(node, path);
            case "Sequence" -> {
                List<Normalizer> steps = new ArrayList<>();
                for (JsonNode step : Field.array(node, path, "normalizers")) {
                    steps.add(read(step, path + ".normalizers[" + steps.size() + "]"));
                }
                yield new NormalizerSequence(steps);
            }
            default ->
                throw Field.wrong(
                        path,
                        "type",
                        node.path("type"),
                        "NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, BertNormalizer, Replace, Prepend, Strip, Precompiled, "
                                + "Nmt, ByteLevel or Sequence");
        };
    }

    private static Precompiled precompiled(JsonNode node, String path) {
        try {
            return new Precompiled(Base64.getDecoder().decode(Field.string(node, path, "precompiled_charsmap")));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(path + ".precompiled_charsmap: " + e.getMessage(), e);
        }
    }

    static ObjectNode write(Normalizer normalizer) {
        ObjectNode node = TokenizerJson.NODES.objectNode();
        switch (normalizer) {
            case UnicodeNormalizer n -> node.put("type", n.form().name());
            case Lowercase n -> node.put("type", "Lowercase");
            case StripAccents n -> node.put("type", "StripAccents");
            case Nmt n -> node.put("type", "Nmt");
            case ByteLevelNormalizer n -> node.put("type", "ByteLevel");
            case Prepend n -> node.put("type", "Prepend").put("prepend", n.prepend());
            case Strip n ->
                node.put("type", "Strip").put("strip_left", n.left()).put("strip_right", n.right());
            case BertNormalizer n ->
                node.put("type", "BertNormalizer")
                        .put("clean_text", n.cleanText())
                        .put("handle_chinese_chars", n.handleChineseChars())
                        .put("strip_accents", n.stripAccents())
                        .put("lowercase", n.lowercase());
            case Replace n -> {
                node.put("type", "Replace");
                node.set("pattern", PreTokenizerJson.write(n.pattern()));
                node.put("content", n.content());
            }
            case Precompiled n ->
                node.put("type", "Precompiled")
                        .put("precompiled_charsmap", Base64.getEncoder().encodeToString(n.charsMap()));
            case NormalizerSequence n -> {
                node.put("type", "Sequence");
                var steps = node.putArray("normalizers");
                n.steps().forEach(step -> steps.add(write(step)));
            }
            default ->
                throw new IllegalArgumentException(
                        "normalizer: " + normalizer.getClass().getSimpleName() + " has no form in tokenizer.json");
        }
        return node;
    }
}
