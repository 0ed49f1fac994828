package dev.athanor.tokenizers.processors;

import dev.athanor.tokenizers.Encoding;
import java.util.List;

/** One post-processor after the other. */
public record ProcessorSequence(List<PostProcessor> steps) implements PostProcessor {

    public ProcessorSequence {
        steps = List.copyOf(steps);
    }

    @Override
    public int addedTokens(boolean pair) {
        return steps.stream().mapToInt(step -> step.addedTokens(pair)).sum();
    }

    @Override
    public List<Encoding> process(List<Encoding> sequences, boolean addSpecialTokens) {
        List<Encoding> out = sequences;
        for (PostProcessor step : steps) {
            out = step.process(out, addSpecialTokens);
        }
        return out;
    }
}
