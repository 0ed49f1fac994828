package dev.athanor.tokenizers.processors;

import dev.athanor.tokenizers.Encoding;
import dev.athanor.tokenizers.UnencodableTextException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Special tokens and texts in the order of a template.
 *
 * @param single the template for one text
 * @param pair the template for two
 * @param specialTokens the special tokens of the templates by name
 */
public record TemplateProcessor(List<Piece> single, List<Piece> pair, Map<String, Special> specialTokens)
        implements PostProcessor {

    /** A part of a template. */
    public sealed interface Piece permits SequencePiece, SpecialPiece {}

    /** The first text or, if {@code second}, the other. */
    public record SequencePiece(boolean second, int typeId) implements Piece {}

    /** A special token by its name. */
    public record SpecialPiece(String name, int typeId) implements Piece {}

    /** What a special token stands for: one or more tokens. */
    public record Special(String name, List<Integer> ids, List<String> tokens) {

        public Special {
            ids = List.copyOf(ids);
            tokens = List.copyOf(tokens);
            if (ids.size() != tokens.size()) {
                throw new IllegalArgumentException("post_processor.special_tokens: \"" + name + "\" has " + ids.size()
                        + " ids and " + tokens.size() + " tokens, expected as many of each");
            }
        }
    }

    public TemplateProcessor {
        single = List.copyOf(single);
        pair = List.copyOf(pair);
        specialTokens = new TreeMap<>(specialTokens);
        for (List<Piece> template : List.of(single, pair)) {
            for (Piece piece : template) {
                if (piece instanceof SpecialPiece(String name, int typeId) && !specialTokens.containsKey(name)) {
                    throw new IllegalArgumentException(
                            "post_processor: the template names \"" + name + "\", which special_tokens has not");
                }
            }
        }
    }

    private Special special(String name) {
        Special special = specialTokens.get(name);
        if (special == null) {
            throw new IllegalStateException("post_processor: no special token \"" + name + "\"");
        }
        return special;
    }

    @Override
    public int addedTokens(boolean isPair) {
        int count = 0;
        for (Piece piece : isPair ? pair : single) {
            count += piece instanceof SpecialPiece s ? special(s.name()).ids().size() : 0;
        }
        return count;
    }

    @Override
    public List<Encoding> process(List<Encoding> sequences, boolean addSpecialTokens) {
        List<Encoding> out = new ArrayList<>();
        for (Piece piece : sequences.size() > 1 ? pair : single) {
            switch (piece) {
                case SequencePiece(boolean second, int typeId) -> {
                    if (second && sequences.size() < 2) {
                        throw new UnencodableTextException(
                                "post_processor.single", "sequence B", "sequence A alone, because there is one text");
                    }
                    out.add(sequences.get(second ? 1 : 0).withTypeId(typeId));
                }
                case SpecialPiece(String name, int typeId) -> {
                    if (addSpecialTokens) {
                        Special special = special(name);
                        out.add(Encoding.ofSpecial(
                                special.ids().stream().mapToInt(i -> i).toArray(),
                                special.tokens().toArray(String[]::new),
                                typeId));
                    }
                }
            }
        }
        return out;
    }
}
