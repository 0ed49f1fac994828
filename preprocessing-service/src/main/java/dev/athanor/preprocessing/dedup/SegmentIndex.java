package dev.athanor.preprocessing.dedup;

import dev.athanor.contracts.spec.DedupSpec;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;

/**
 * Gives every line, paragraph and byte of a shard's documents a number, in order, and their fingerprints to writers. Whoever
 * walks the same documents in the same order gives the same numbers. One walk a shard.
 */
public final class SegmentIndex {

    private final DedupSpec spec;
    private int lines;
    private int paragraphs;
    private int bytes;

    public SegmentIndex(DedupSpec spec) {
        this.spec = spec;
    }

    /** Receives a fingerprint and the number of what has it. */
    @FunctionalInterface
    public interface Numbered {
        void accept(Fingerprint fingerprint, int number);
    }

    /** Numbers of the segments of one document begin here. */
    public record Start(int line, int paragraph, int at) {}

    /** @throws IllegalStateException when the shard has more than 2^31 bytes of text */
    public Start next(byte[] text) {
        var start = new Start(lines, paragraphs, bytes);
        if (bytes + (long) text.length > Integer.MAX_VALUE) {
            throw new IllegalStateException("shard: expected at most 2^31 bytes of text, got more");
        }
        bytes += text.length;
        lines += spec.lines() ? Segments.lines(text).size() : 0;
        paragraphs += spec.paragraphs() ? Segments.paragraphs(text).size() : 0;
        return start;
    }

    public void lines(byte[] text, Start start, Numbered to) {
        number(text, Segments.lines(text), start.line, to);
    }

    public void paragraphs(byte[] text, Start start, Numbered to) {
        number(text, Segments.paragraphs(text), start.paragraph, to);
    }

    private void number(byte[] text, List<Segments.Range> ranges, int first, Numbered to) {
        for (int i = 0; i < ranges.size(); i++) {
            Segments.Range range = ranges.get(i);
            String segment = new String(text, range.from(), range.to() - range.from(), StandardCharsets.UTF_8).strip();
            if (segment.codePointCount(0, segment.length()) >= spec.minCharacters()) {
                to.accept(Fingerprint.of(segment), first + i);
            }
        }
    }

    public void anchors(byte[] text, Start start, Numbered to) {
        Anchors.of(text, spec.substring(), (from, high, low) -> to.accept(new Fingerprint(high, low), start.at + from));
    }

    /**
     * Windows of the minimum length around anchors that occur more than once; what is copied is in some of these.
     *
     * @param shared numbers of such anchors
     */
    public void windows(byte[] text, Start start, BitSet shared, Numbered to) {
        int length = spec.substring();
        int k = Anchors.size(length);
        int end = 0;
        for (int at = shared.nextSetBit(start.at);
                at >= 0 && at < start.at + text.length;
                at = shared.nextSetBit(at + 1)) {
            int anchor = at - start.at;
            // Windows that hold the anchor; those of the anchor before are done.
            int from = Math.max(Math.max(0, anchor + k - length), end);
            int lastFrom = Math.min(anchor, text.length - length);
            if (lastFrom >= from) {
                RollingHash.windows(
                        text,
                        from,
                        lastFrom + length,
                        length,
                        (place, high, low) -> to.accept(new Fingerprint(high, low), start.at + place));
                end = lastFrom + 1;
            }
        }
    }

    /** Copies in a shard, by number; null for what is not looked for. */
    public record Copies(BitSet lines, BitSet paragraphs, BitSet windows) {}

    /** The text without its copies. Cuts are at whole characters. */
    public String without(String document, byte[] text, Start start, Copies copies) {
        var gone = new BitSet(text.length);
        if (spec.lines()) {
            mark(Segments.lines(text), start.line, copies.lines, gone);
        }
        if (spec.paragraphs()) {
            mark(Segments.paragraphs(text), start.paragraph, copies.paragraphs, gone);
        }
        for (int at = copies.windows.nextSetBit(start.at);
                at >= 0 && at < start.at + text.length;
                at = copies.windows.nextSetBit(at + 1)) {
            markCharacters(text, at - start.at, at - start.at + spec.substring(), gone);
        }
        if (gone.isEmpty()) {
            return document;
        }
        var kept = new byte[text.length - gone.cardinality()];
        int size = 0;
        for (int i = gone.nextClearBit(0); i < text.length; i = gone.nextClearBit(i + 1)) {
            kept[size++] = text[i];
        }
        return new String(kept, 0, size, StandardCharsets.UTF_8).strip();
    }

    private static void mark(List<Segments.Range> ranges, int first, BitSet copies, BitSet gone) {
        for (int i = 0; i < ranges.size(); i++) {
            if (copies.get(first + i)) {
                gone.set(ranges.get(i).from(), ranges.get(i).to());
            }
        }
    }

    /** A character whose bytes are not all in the range stays whole, unless windows beside this one hold the rest. */
    private static void markCharacters(byte[] text, int from, int to, BitSet gone) {
        int first = from;
        while (first < to && isContinuation(text[first]) && !(first > 0 && gone.get(first - 1))) {
            first++;
        }
        int last = to;
        while (last > first && last < text.length && isContinuation(text[last])) {
            last--;
        }
        if (last > first) {
            gone.set(first, last);
        }
    }

    private static boolean isContinuation(byte b) {
        return (b & 0xC0) == 0x80;
    }
}
