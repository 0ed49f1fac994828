package dev.athanor.tokenizers.pretokenizers;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.internal.CharClasses;
import java.util.List;

/** Words and runs of other characters: the matches of {@code \w+|[^\w\s]+}. */
public record Whitespace() implements PreTokenizer {

    @Override
    public List<AlignedText> split(AlignedText text) {
        Pieces pieces = new Pieces(text);
        for (int from = 0; from < text.length(); ) {
            int kind = kind(text.codePoint(from));
            int to = from + 1;
            while (to < text.length() && kind(text.codePoint(to)) == kind) {
                to++;
            }
            if (kind != 0) {
                pieces.add(from, to);
            }
            from = to;
        }
        return pieces.list();
    }

    private static int kind(int c) {
        return CharClasses.isWord(c) ? 1 : CharClasses.isWhiteSpace(c) ? 0 : 2;
    }
}
