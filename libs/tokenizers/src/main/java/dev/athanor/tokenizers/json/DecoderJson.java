package dev.athanor.tokenizers.json;

import dev.athanor.tokenizers.decoders.BpeDecoder;
import dev.athanor.tokenizers.decoders.ByteFallbackDecoder;
import dev.athanor.tokenizers.decoders.ByteLevelDecoder;
import dev.athanor.tokenizers.decoders.CtcDecoder;
import dev.athanor.tokenizers.decoders.Decoder;
import dev.athanor.tokenizers.decoders.DecoderSequence;
import dev.athanor.tokenizers.decoders.FuseDecoder;
import dev.athanor.tokenizers.decoders.MetaspaceDecoder;
import dev.athanor.tokenizers.decoders.ReplaceDecoder;
import dev.athanor.tokenizers.decoders.StripDecoder;
import dev.athanor.tokenizers.decoders.WordPieceDecoder;
import java.util.ArrayList;
import java.util.List;
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
            case "BPEDecoder" -> new BpeDecoder(Field.string(node, path, "suffix", "</w>"));
            case "WordPiece" ->
                new WordPieceDecoder(Field.string(node, path, "prefix", "##"), Field.bool(node, path, "cleanup", true));
            case "Metaspace" ->
                new MetaspaceDecoder(
                        Field.codePoint(node, path, "replacement", "\u2581"),
                        PreTokenizerJson.prependScheme(node, path),
                        Field.bool(node, path, "split", true));
            case "ByteFallback" -> new ByteFallbackDecoder();
            case "Fuse" -> new FuseDecoder();
            case "Strip" ->
                new StripDecoder(
                        Field.codePoint(node, path, "content", " "),
                        Field.integer(node, path, "start", 0),
                        Field.integer(node, path, "stop", 0));
            case "Replace" ->
                new ReplaceDecoder(
                        PreTokenizerJson.pattern(Field.object(node, path, "pattern"), path + ".pattern"),
                        Field.string(node, path, "content"));
            case "CTC" ->
                new CtcDecoder(
                        Field.string(node, path, "pad_token", "<pad>"),
                        Field.string(node, path, "word_delimiter_token", "|"),
                        Field.bool(node, path, "cleanup", true));
            case "Sequence" -> {
                List<Decoder> steps = new ArrayList<>();
                for (JsonNode step : Field.array(node, path, "decoders")) {
                    steps.add(read(step, path + ".decoders[" + steps.size() + "]"));
                }
                yield new DecoderSequence(steps);
            }
            default ->
                throw Field.wrong(
                        path,
                        "type",
                        node.path("type"),
                        "ByteLevel, BPEDecoder, WordPiece, Metaspace, ByteFallback, Fuse, Strip, Replace, CTC or Sequence");
        };
    }

    static ObjectNode write(Decoder decoder) {
        ObjectNode node = TokenizerJson.NODES.objectNode();
        switch (decoder) {
            case ByteLevelDecoder d ->
                node.put("type", "ByteLevel")
                        .put("add_prefix_space", d.addPrefixSpace())
                        .put("trim_offsets", d.trimOffsets())
                        .put("use_regex", d.useRegex());
            case BpeDecoder d -> node.put("type", "BPEDecoder").put("suffix", d.suffix());
            case WordPieceDecoder d ->
                node.put("type", "WordPiece").put("prefix", d.prefix()).put("cleanup", d.cleanup());
            case MetaspaceDecoder d ->
                node.setAll(PreTokenizerJson.metaspace(d.replacement(), d.prependScheme(), d.split()));
            case ByteFallbackDecoder d -> node.put("type", "ByteFallback");
            case FuseDecoder d -> node.put("type", "Fuse");
            case StripDecoder d ->
                node.put("type", "Strip")
                        .put("content", Character.toString(d.content()))
                        .put("start", d.start())
                        .put("stop", d.stop());
            case ReplaceDecoder d -> {
                node.put("type", "Replace");
                node.set("pattern", PreTokenizerJson.write(d.pattern()));
                node.put("content", d.content());
            }
            case CtcDecoder d ->
                node.put("type", "CTC")
                        .put("pad_token", d.padToken())
                        .put("word_delimiter_token", d.wordDelimiterToken())
                        .put("cleanup", d.cleanup());
            case DecoderSequence d -> {
                node.put("type", "Sequence");
                var steps = node.putArray("decoders");
                d.steps().forEach(step -> steps.add(write(step)));
            }
            default ->
                throw new IllegalArgumentException(
                        "decoder: " + decoder.getClass().getSimpleName() + " has no form in tokenizer.json");
        }
        return node;
    }
}
