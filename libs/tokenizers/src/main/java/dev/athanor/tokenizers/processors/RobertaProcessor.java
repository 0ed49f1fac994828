package dev.athanor.tokenizers.processors;

import dev.athanor.tokenizers.Encoding;
import java.util.ArrayList;
import java.util.List;

/** {@code <s> A </s>} and {@code <s> A </s> </s> B </s>}, all of type 0. */
public record RobertaProcessor(SpecialToken sep, SpecialToken cls, boolean trimOffsets, boolean addPrefixSpace)
        implements PostProcessor {

    @Override
    public int addedTokens(boolean pair) {
        return pair ? 4 : 2;
    }

    @Override
    public List<Encoding> process(List<Encoding> sequences, boolean addSpecialTokens) {
        List<Encoding> out = new ArrayList<>();
        for (Encoding sequence : sequences) {
            Encoding e = trimOffsets ? ByteLevelProcessor.trimmed(sequence, addPrefixSpace) : sequence;
            e = e.withTypeId(0);
            if (addSpecialTokens) {
                e = e.withOverflowing(
                        e.overflowing().stream().map(o -> o.withTypeId(0)).toList());
            }
            SpecialToken before = out.isEmpty() ? cls : sep;
            out.add(addSpecialTokens ? Encoding.concat(List.of(before.encoding(0), e, sep.encoding(0))) : e);
        }
        return out;
    }
}
