package dev.athanor.tokenizers.json;

import dev.athanor.tokenizers.processors.BertProcessor;
import dev.athanor.tokenizers.processors.ByteLevelProcessor;
import dev.athanor.tokenizers.processors.PostProcessor;
import dev.athanor.tokenizers.processors.ProcessorSequence;
import dev.athanor.tokenizers.processors.RobertaProcessor;
import dev.athanor.tokenizers.processors.SpecialToken;
import dev.athanor.tokenizers.processors.TemplateProcessor;
import dev.athanor.tokenizers.processors.TemplateProcessor.Piece;
import dev.athanor.tokenizers.processors.TemplateProcessor.SequencePiece;
import dev.athanor.tokenizers.processors.TemplateProcessor.Special;
import dev.athanor.tokenizers.processors.TemplateProcessor.SpecialPiece;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
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
            case "BertProcessing" -> new BertProcessor(special(node, path, "sep"), special(node, path, "cls"));
            case "RobertaProcessing" ->
                new RobertaProcessor(
                        special(node, path, "sep"),
                        special(node, path, "cls"),
                        Field.bool(node, path, "trim_offsets", true),
                        Field.bool(node, path, "add_prefix_space", true));
            case "TemplateProcessing" ->
                new TemplateProcessor(
                        template(node, path, "single"), template(node, path, "pair"), specials(node, path));
            case "Sequence" -> {
                List<PostProcessor> steps = new ArrayList<>();
                for (JsonNode step : Field.array(node, path, "processors")) {
                    steps.add(read(step, path + ".processors[" + steps.size() + "]"));
                }
                yield new ProcessorSequence(steps);
            }
            default ->
                throw Field.wrong(
                        path,
                        "type",
                        node.path("type"),
                        "TemplateProcessing, BertProcessing, RobertaProcessing, ByteLevel or Sequence");
        };
    }

    private static SpecialToken special(JsonNode node, String path, String name) {
        JsonNode pair = node.path(name);
        if (pair.size() != 2 || !pair.path(0).isString() || !pair.path(1).isIntegralNumber()) {
            throw Field.wrong(path, name, pair, "[\"token\", id]");
        }
        return new SpecialToken(pair.path(0).stringValue(), pair.path(1).intValue());
    }

    private static List<Piece> template(JsonNode node, String path, String name) {
        List<Piece> pieces = new ArrayList<>();
        for (JsonNode piece : Field.array(node, path, name)) {
            String at = path + "." + name + "[" + pieces.size() + "]";
            if (piece.has("Sequence")) {
                JsonNode sequence = piece.path("Sequence");
                pieces.add(new SequencePiece(
                        Field.string(sequence, at, "id").equals("B"), Field.integer(sequence, at, "type_id", 0)));
            } else {
                JsonNode special = Field.object(piece, at, "SpecialToken");
                pieces.add(new SpecialPiece(Field.string(special, at, "id"), Field.integer(special, at, "type_id", 0)));
            }
        }
        return pieces;
    }

    private static Map<String, Special> specials(JsonNode node, String path) {
        Map<String, Special> specials = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry :
                Field.object(node, path, "special_tokens").properties()) {
            String at = path + ".special_tokens." + entry.getKey();
            List<Integer> ids = new ArrayList<>();
            Field.array(entry.getValue(), at, "ids").forEach(id -> ids.add(id.asInt()));
            List<String> tokens = new ArrayList<>();
            Field.array(entry.getValue(), at, "tokens").forEach(token -> tokens.add(token.asString()));
            specials.put(entry.getKey(), new Special(Field.string(entry.getValue(), at, "id"), ids, tokens));
        }
        return specials;
    }

    static ObjectNode write(PostProcessor processor) {
        ObjectNode node = TokenizerJson.NODES.objectNode();
        switch (processor) {
            case ByteLevelProcessor p ->
                node.put("type", "ByteLevel")
                        .put("add_prefix_space", p.addPrefixSpace())
                        .put("trim_offsets", p.trimOffsets())
                        .put("use_regex", p.useRegex());
            case BertProcessor p -> {
                node.put("type", "BertProcessing");
                write(node.putArray("sep"), p.sep());
                write(node.putArray("cls"), p.cls());
            }
            case RobertaProcessor p -> {
                node.put("type", "RobertaProcessing");
                write(node.putArray("sep"), p.sep());
                write(node.putArray("cls"), p.cls());
                node.put("trim_offsets", p.trimOffsets()).put("add_prefix_space", p.addPrefixSpace());
            }
            case TemplateProcessor p -> write(p, node);
            case ProcessorSequence p -> {
                node.put("type", "Sequence");
                var steps = node.putArray("processors");
                p.steps().forEach(step -> steps.add(write(step)));
            }
            default ->
                throw new IllegalArgumentException(
                        "post_processor: " + processor.getClass().getSimpleName() + " has no form in tokenizer.json");
        }
        return node;
    }

    private static void write(ArrayNode array, SpecialToken token) {
        array.add(token.token()).add(token.id());
    }

    private static void write(TemplateProcessor p, ObjectNode node) {
        node.put("type", "TemplateProcessing");
        write(node.putArray("single"), p.single());
        write(node.putArray("pair"), p.pair());
        ObjectNode specials = node.putObject("special_tokens");
        p.specialTokens().forEach((name, special) -> {
            ObjectNode one = specials.putObject(name).put("id", special.name());
            ArrayNode ids = one.putArray("ids");
            special.ids().forEach(ids::add);
            ArrayNode tokens = one.putArray("tokens");
            special.tokens().forEach(tokens::add);
        });
    }

    private static void write(ArrayNode array, List<Piece> pieces) {
        for (Piece piece : pieces) {
            switch (piece) {
                case SequencePiece(boolean second, int typeId) ->
                    array.addObject()
                            .putObject("Sequence")
                            .put("id", second ? "B" : "A")
                            .put("type_id", typeId);
                case SpecialPiece(String name, int typeId) ->
                    array.addObject().putObject("SpecialToken").put("id", name).put("type_id", typeId);
            }
        }
    }
}
