package dev.athanor.tokenizers.normalizers;

import dev.athanor.tokenizers.AlignedText;
import java.util.List;

/** One normalizer after the other. */
public record NormalizerSequence(List<Normalizer> steps) implements Normalizer {

    public NormalizerSequence {
        steps = List.copyOf(steps);
    }

    @Override
    public AlignedText normalize(AlignedText text) {
        AlignedText t = text;
        for (Normalizer step : steps) {
            t = step.normalize(t);
        }
        return t;
    }
}
