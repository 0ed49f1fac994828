package dev.athanor.tokenizers.pretokenizers;

import dev.athanor.tokenizers.AlignedText;
import java.util.ArrayList;
import java.util.List;

/** One pre-tokenizer after the other, each on the pieces of the one before. */
public record PreTokenizerSequence(List<PreTokenizer> steps) implements PreTokenizer {

    public PreTokenizerSequence {
        steps = List.copyOf(steps);
    }

    @Override
    public List<AlignedText> split(AlignedText text) {
        List<AlignedText> pieces = text.isEmpty() ? List.of() : List.of(text);
        for (PreTokenizer step : steps) {
            List<AlignedText> next = new ArrayList<>();
            for (AlignedText piece : pieces) {
                next.addAll(step.split(piece));
            }
            pieces = next;
        }
        return pieces;
    }
}
