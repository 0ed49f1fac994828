package dev.athanor.tokenizers.processors;

import dev.athanor.tokenizers.Encoding;
import java.util.ArrayList;
import java.util.List;

/** {@code [CLS] A [SEP]} and {@code [CLS] A [SEP] B [SEP]}, the second text and its end of type 1. */
public record BertProcessor(SpecialToken sep, SpecialToken cls) implements PostProcessor {

    @Override
    public int addedTokens(boolean pair) {
        return pair ? 3 : 2;
    }

    @Override
    public List<Encoding> process(List<Encoding> sequences, boolean addSpecialTokens) {
        if (!addSpecialTokens) {
            return sequences;
        }
        List<Encoding> out = new ArrayList<>();
        out.add(Encoding.concat(List.of(cls.encoding(0), sequences.getFirst(), sep.encoding(0))));
        if (sequences.size() > 1) {
            out.add(sequences.get(1).concat(sep.encoding(1)));
        }
        return out;
    }
}
