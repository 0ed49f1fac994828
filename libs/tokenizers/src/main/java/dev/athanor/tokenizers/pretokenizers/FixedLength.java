package dev.athanor.tokenizers.pretokenizers;

import dev.athanor.tokenizers.AlignedText;
import java.util.List;

/** Cuts into pieces of so many code points; with 1, into characters. */
public record FixedLength(int length) implements PreTokenizer {

    public FixedLength {
        if (length < 1) {
            throw new IllegalArgumentException("length: " + length + ", expected 1 or more");
        }
    }

    @Override
    public List<AlignedText> split(AlignedText text) {
        Pieces pieces = new Pieces(text);
        for (int from = 0; from < text.length(); from += length) {
            pieces.add(from, Math.min(from + length, text.length()));
        }
        return pieces.list();
    }
}
