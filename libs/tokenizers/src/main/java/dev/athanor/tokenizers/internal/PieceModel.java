package dev.athanor.tokenizers.internal;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.IntList;
import dev.athanor.tokenizers.models.Model;
import java.nio.charset.StandardCharsets;

/** Encodes the pieces that the cache does not know, by the plain model: they are few. */
final class PieceModel {

    private final Model model;

    PieceModel(Model model) {
        this.model = model;
    }

    void encode(byte[] b, int from, int to, IntList out) {
        model.tokenize(
                AlignedText.of(new String(b, from, to - from, StandardCharsets.UTF_8)), (id, f, t) -> out.add(id));
    }
}
