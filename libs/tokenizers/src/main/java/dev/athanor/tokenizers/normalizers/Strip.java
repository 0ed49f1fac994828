package dev.athanor.tokenizers.normalizers;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.internal.CharClasses;

/** Leaves out white space at the ends. */
public record Strip(boolean left, boolean right) implements Normalizer {

    @Override
    public AlignedText normalize(AlignedText text) {
        int from = 0;
        int to = text.length();
        while (left && from < to && CharClasses.isWhiteSpace(text.codePoint(from))) {
            from++;
        }
        while (right && to > from && CharClasses.isWhiteSpace(text.codePoint(to - 1))) {
            to--;
        }
        return text.slice(from, to);
    }
}
