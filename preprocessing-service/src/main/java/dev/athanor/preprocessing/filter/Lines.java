package dev.athanor.preprocessing.filter;

import java.util.Arrays;

/**
 * Where the lines of a text lie, as ranges of its characters: no line becomes a string. Reused from text to text; not for
 * several threads.
 */
final class Lines {

    private static final long HASH_BASE = 0x9E3779B97F4A7C15L;

    private char[] chars = new char[0];
    private boolean hasPairs;
    private int size;
    private int[] starts = new int[64];
    private int[] ends = new int[64];
    private boolean repeatsKnown;
    private boolean[] repeated = new boolean[64];
    /** Open addressing: index of a line plus 1, or 0 where free. */
    private int[] slots = new int[128];

    void reset(char[] newChars, boolean hasSurrogatePairs) {
        chars = newChars;
        hasPairs = hasSurrogatePairs;
        size = 0;
        repeatsKnown = false;
    }

    void add(int start, int end) {
        if (size == starts.length) {
            starts = Arrays.copyOf(starts, size * 2);
            ends = Arrays.copyOf(ends, size * 2);
        }
        starts[size] = start;
        ends[size++] = end;
    }

    /** The parts between {@code \n}s, one more than there are of those. */
    void split(TextScan scan, int length) {
        int from = 0;
        for (int i = 0; i < scan.newLines(); i++) {
            int newLine = scan.newLine(i);
            add(from, newLine);
            from = newLine + 1;
        }
        add(from, length);
    }

    /** The parts between runs of two or more {@code \n}s, of a part of the text that neither begins nor ends with one. */
    void splitParagraphs(TextScan scan, int start, int end) {
        int from = start;
        for (int i = 0; i + 1 < scan.newLines(); i++) {
            int newLine = scan.newLine(i);
            if (newLine >= from && newLine < end && scan.newLine(i + 1) == newLine + 1) {
                add(from, newLine);
                while (i + 1 < scan.newLines() && scan.newLine(i + 1) == scan.newLine(i) + 1) {
                    i++;
                }
                from = scan.newLine(i) + 1;
            }
        }
        add(from, end);
    }

    /** Python's {@code str.splitlines()}: no last empty line; also splits at vertical tab, form feed and the Unicode separators. */
    void splitAsPythonDoes(int length) {
        int from = 0;
        for (int i = 0; i < length; i++) {
            if (PythonText.isLineBreak(chars[i])) {
                add(from, i);
                if (chars[i] == '\r' && i + 1 < length && chars[i + 1] == '\n') {
                    i++;
                }
                from = i + 1;
            }
        }
        if (from < length) {
            add(from, length);
        }
    }

    void removeLastIfEmpty() {
        if (size > 0 && starts[size - 1] == ends[size - 1]) {
            size--;
        }
    }

    int size() {
        return size;
    }

    int start(int line) {
        return starts[line];
    }

    int end(int line) {
        return ends[line];
    }

    /** Code points. */
    int length(int line) {
        int units = ends[line] - starts[line];
        return hasPairs ? Character.codePointCount(chars, starts[line], units) : units;
    }

    /** Whether an earlier line is equal to this one. */
    boolean isRepeated(int line) {
        if (!repeatsKnown) {
            findRepeats();
            repeatsKnown = true;
        }
        return repeated[line];
    }

    private void findRepeats() {
        int mask = (Integer.highestOneBit(Math.max(32, size)) << 2) - 1;
        if (slots.length <= mask) {
            slots = new int[mask + 1];
        } else {
            Arrays.fill(slots, 0, mask + 1, 0);
        }
        if (repeated.length < size) {
            repeated = new boolean[starts.length];
        }
        for (int line = 0; line < size; line++) {
            int slot = hash(starts[line], ends[line]) & mask;
            while (slots[slot] != 0 && !areEqual(slots[slot] - 1, line)) {
                slot = (slot + 1) & mask;
            }
            repeated[line] = slots[slot] != 0;
            if (slots[slot] == 0) {
                slots[slot] = line + 1;
            }
        }
    }

    private boolean areEqual(int a, int b) {
        return Arrays.equals(chars, starts[a], ends[a], chars, starts[b], ends[b]);
    }

    /** Four characters a step, so that the multiplications overlap. */
    private int hash(int start, int end) {
        long hash = end - start;
        int i = start;
        for (; i + 4 <= end; i += 4) {
            long four = chars[i] | (long) chars[i + 1] << 16 | (long) chars[i + 2] << 32 | (long) chars[i + 3] << 48;
            hash = (hash ^ four) * HASH_BASE;
            hash ^= hash >>> 29;
        }
        for (; i < end; i++) {
            hash = (hash ^ chars[i]) * HASH_BASE;
        }
        return (int) (hash >>> 32);
    }
}
