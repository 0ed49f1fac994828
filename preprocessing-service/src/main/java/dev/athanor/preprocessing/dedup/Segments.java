package dev.athanor.preprocessing.dedup;

import java.util.ArrayList;
import java.util.List;

/** Lines and paragraphs of a UTF-8 text as ranges of bytes; each includes the line ends behind it. */
final class Segments {

    /** From the first byte to behind the last. */
    record Range(int from, int to) {}

    private Segments() {}

    static List<Range> lines(byte[] text) {
        return split(text, 1);
    }

    /** Parted by one empty line or more. */
    static List<Range> paragraphs(byte[] text) {
        return split(text, 2);
    }

    private static List<Range> split(byte[] text, int lineEnds) {
        var ranges = new ArrayList<Range>();
        int from = 0;
        int i = 0;
        while (i < text.length) {
            int run = i;
            while (run < text.length && text[run] == '\n') {
                run++;
            }
            if (run - i >= lineEnds) {
                ranges.add(new Range(from, run));
                from = run;
            }
            i = Math.max(run, i + 1);
        }
        if (from < text.length) {
            ranges.add(new Range(from, text.length));
        }
        return ranges;
    }
}
