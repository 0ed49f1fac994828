package dev.athanor.tokenizers.pretokenizers;

import dev.athanor.tokenizers.AlignedText;
import java.util.ArrayList;
import java.util.List;

/** Collects the non-empty slices of a text. */
final class Pieces {

    private final AlignedText text;
    private final List<AlignedText> pieces = new ArrayList<>();

    Pieces(AlignedText text) {
        this.text = text;
    }

    void add(int from, int to) {
        if (from < to) {
            pieces.add(text.slice(from, to));
        }
    }

    List<AlignedText> list() {
        return pieces;
    }
}
