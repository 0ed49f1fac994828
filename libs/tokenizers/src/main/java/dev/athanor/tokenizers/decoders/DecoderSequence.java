package dev.athanor.tokenizers.decoders;

import java.util.List;

/** One decoder after the other. */
public record DecoderSequence(List<Decoder> steps) implements Decoder {

    public DecoderSequence {
        steps = List.copyOf(steps);
    }

    @Override
    public List<String> decodeChain(List<String> tokens) {
        List<String> out = tokens;
        for (Decoder step : steps) {
            out = step.decodeChain(out);
        }
        return out;
    }
}
