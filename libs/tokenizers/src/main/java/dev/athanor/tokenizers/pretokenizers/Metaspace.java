package dev.athanor.tokenizers.pretokenizers;

import dev.athanor.tokenizers.AlignedText;
import java.util.List;

/**
 * Blanks become a visible mark, and each mark begins a piece.
 *
 * @param replacement the mark, U+2581 in SentencePiece
 * @param prependScheme whether a text that does not begin with the mark is given one
 * @param split whether to cut; without it only the characters change
 */
public record Metaspace(int replacement, PrependScheme prependScheme, boolean split) implements PreTokenizer {

    /** Which texts are given a mark in front. */
    public enum PrependScheme {
        ALWAYS,
        /** The text's first part only, not those after added tokens. */
        FIRST,
        NEVER
    }

    @Override
    public List<AlignedText> split(AlignedText text) {
        if (text.isEmpty()) {
            return List.of();
        }
        AlignedText.Rewriter out = new AlignedText.Rewriter(text);
        int first = text.codePoint(0) == ' ' ? replacement : text.codePoint(0);
        boolean wanted = prependScheme == PrependScheme.ALWAYS
                || prependScheme == PrependScheme.FIRST && text.originalFrom(0) == 0;
        if (wanted && first != replacement) {
            out.insertBefore(replacement);
        }
        for (int i = 0; i < text.length(); i++) {
            int c = text.codePoint(i);
            out.replace(c == ' ' ? replacement : c);
        }
        AlignedText marked = out.finish();
        return split ? CharSplit.split(marked, c -> c == replacement, Behavior.MERGED_WITH_NEXT) : List.of(marked);
    }
}
