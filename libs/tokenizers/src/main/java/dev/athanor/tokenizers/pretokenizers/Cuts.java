package dev.athanor.tokenizers.pretokenizers;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.TextPattern.Match;
import java.util.ArrayList;
import java.util.List;

/** Cuts a text at matches in each of the ways of {@link Behavior}. */
final class Cuts {

    private Cuts() {}

    static List<AlignedText> split(AlignedText text, List<Match> matches, Behavior behavior, boolean invert) {
        List<Range> ranges = ranges(text.length(), matches, invert);
        Pieces pieces = new Pieces(text);
        switch (behavior) {
            case REMOVED -> ranges.stream().filter(r -> !r.match).forEach(r -> pieces.add(r.from, r.to));
            case ISOLATED -> ranges.forEach(r -> pieces.add(r.from, r.to));
            case CONTIGUOUS -> contiguous(ranges, pieces);
            case MERGED_WITH_PREVIOUS -> mergedWithPrevious(ranges, pieces);
            case MERGED_WITH_NEXT -> mergedWithNext(ranges, pieces);
        }
        return pieces.list();
    }

    private record Range(int from, int to, boolean match) {}

    /** The matches and what lies between them. */
    private static List<Range> ranges(int length, List<Match> matches, boolean invert) {
        List<Range> ranges = new ArrayList<>();
        int at = 0;
        for (Match m : matches) {
            if (at < m.from()) {
                ranges.add(new Range(at, m.from(), invert));
            }
            ranges.add(new Range(m.from(), m.to(), !invert));
            at = m.to();
        }
        if (at < length) {
            ranges.add(new Range(at, length, invert));
        }
        return ranges;
    }

    private static void contiguous(List<Range> ranges, Pieces pieces) {
        int from = 0;
        for (int i = 0; i < ranges.size(); i++) {
            Range r = ranges.get(i);
            if (i + 1 == ranges.size() || ranges.get(i + 1).match != r.match) {
                pieces.add(from, r.to);
                from = r.to;
            }
        }
    }

    private static void mergedWithPrevious(List<Range> ranges, Pieces pieces) {
        int from = 0;
        for (int i = 0; i < ranges.size(); i++) {
            Range r = ranges.get(i);
            boolean takesNext = !r.match && i + 1 < ranges.size() && ranges.get(i + 1).match;
            if (!takesNext) {
                pieces.add(from, r.to);
                from = r.to;
            }
        }
    }

    private static void mergedWithNext(List<Range> ranges, Pieces pieces) {
        int from = 0;
        for (int i = 0; i < ranges.size(); i++) {
            Range r = ranges.get(i);
            boolean joinsNext = r.match && i + 1 < ranges.size() && !ranges.get(i + 1).match;
            if (!joinsNext) {
                pieces.add(from, r.to);
                from = r.to;
            }
        }
    }
}
