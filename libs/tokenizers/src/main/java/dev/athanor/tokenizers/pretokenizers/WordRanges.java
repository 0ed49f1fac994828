package dev.athanor.tokenizers.pretokenizers;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.IntList;
import java.util.List;

/** Pieces from ranges of UTF-16 units. */
final class WordRanges {

    private WordRanges() {}

    /** @param ranges pairs of start and end in the text's string, in rising order */
    static List<AlignedText> split(AlignedText text, String string, IntList ranges) {
        Pieces pieces = new Pieces(text);
        int unit = 0;
        int index = 0;
        for (int i = 0; i + 1 < ranges.size(); i += 2) {
            int from = index + string.codePointCount(unit, ranges.get(i));
            int to = from + string.codePointCount(ranges.get(i), ranges.get(i + 1));
            pieces.add(from, to);
            unit = ranges.get(i + 1);
            index = to;
        }
        return pieces.list();
    }
}
