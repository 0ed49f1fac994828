package dev.athanor.tokenizers.internal;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.IntList;
import dev.athanor.tokenizers.models.Model;
import dev.athanor.tokenizers.models.Unigram;
import java.nio.charset.StandardCharsets;

/** Encodes the pieces that the cache does not know, by the model. Not thread-safe. */
final class PieceModel {

    private final Model model;
    private final Unigram.Work work = new Unigram.Work();

    PieceModel(Model model) {
        this.model = model;
    }

    void encode(byte[] b, int from, int to, IntList out) {
        if (model instanceof Unigram unigram) {
            unigram.encode(b, from, to, work, out);
            return;
        }
        model.tokenize(
                AlignedText.of(new String(b, from, to - from, StandardCharsets.UTF_8)), (id, f, t) -> out.add(id));
    }
}
