package dev.athanor.tokenizers.processors;

import dev.athanor.tokenizers.Encoding;
import dev.athanor.tokenizers.internal.ByteAlphabet;
import dev.athanor.tokenizers.internal.CharClasses;
import java.util.List;
import java.util.stream.IntStream;

/** Adds nothing; leaves white space out of the offsets if told to. */
public record ByteLevelProcessor(boolean addPrefixSpace, boolean trimOffsets, boolean useRegex)
        implements PostProcessor {

    @Override
    public int addedTokens(boolean pair) {
        return 0;
    }

    @Override
    public List<Encoding> process(List<Encoding> sequences, boolean addSpecialTokens) {
        return trimOffsets
                ? sequences.stream().map(e -> trimmed(e, addPrefixSpace)).toList()
                : sequences;
    }

    /** The encoding with white space at either end of a token left out of its offsets, overflowing parts too. */
    static Encoding trimmed(Encoding e, boolean addPrefixSpace) {
        int[] offsets = e.offsets().clone();
        for (int i = 0; i < e.length(); i++) {
            int[] token = e.tokens()[i].codePoints().toArray();
            int leading = (int)
                    IntStream.of(token).takeWhile(ByteLevelProcessor::isSpace).count();
            int trailing = 0;
            while (trailing < token.length && isSpace(token[token.length - 1 - trailing])) {
                trailing++;
            }
            int start = offsets[2 * i];
            int end = offsets[2 * i + 1];
            if (leading > 0) {
                // One blank at the start may be the one that was put there; more than one were in the text.
                boolean added = addPrefixSpace && leading == 1 && (i == 0 || start == 0);
                start = Math.min(start + (added ? 0 : leading), end);
            }
            if (trailing > 0 && end >= trailing) {
                end = Math.max(end - trailing, start);
            }
            offsets[2 * i] = start;
            offsets[2 * i + 1] = end;
        }
        return e.withOffsets(offsets)
                .withOverflowing(e.overflowing().stream()
                        .map(o -> trimmed(o, addPrefixSpace))
                        .toList());
    }

    private static boolean isSpace(int c) {
        return c == ByteAlphabet.charOf(' ') || CharClasses.isWhiteSpace(c);
    }
}
