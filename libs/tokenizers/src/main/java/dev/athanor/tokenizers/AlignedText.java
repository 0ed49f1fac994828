package dev.athanor.tokenizers;

import dev.athanor.tokenizers.internal.Utf8;
import java.util.Arrays;

/**
 * A piece of text on its way through normalizers and pre-tokenizers: its code points now, and for each of them the range of code
 * points of the original text that it came from. Immutable; changes are made through a {@link Rewriter}.
 */
public final class AlignedText {

    final int[] codePoints;
    final int[] from;
    final int[] to;
    private final int start;
    private final int end;

    private AlignedText(int[] codePoints, int[] from, int[] to, int start, int end) {
        this.codePoints = codePoints;
        this.from = from;
        this.to = to;
        this.start = start;
        this.end = end;
    }

    /** The text as it is; a lone surrogate becomes U+FFFD. */
    public static AlignedText of(CharSequence text) {
        int[] codePoints = new int[text.length()];
        int n = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                codePoints[n++] = c;
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                codePoints[n++] = Character.toCodePoint(c, text.charAt(++i));
            } else {
                codePoints[n++] = 0xFFFD;
            }
        }
        int[] from = new int[n];
        int[] to = new int[n];
        for (int i = 0; i < n; i++) {
            from[i] = i;
            to[i] = i + 1;
        }
        return new AlignedText(codePoints, from, to, 0, n);
    }

    public int length() {
        return end - start;
    }

    public boolean isEmpty() {
        return end == start;
    }

    public int codePoint(int index) {
        return codePoints[start + index];
    }

    /** Where in the original the code point came from starts. */
    public int originalFrom(int index) {
        return from[start + index];
    }

    /** Where in the original the code point came from ends. */
    public int originalTo(int index) {
        return to[start + index];
    }

    /** The part from one index to another, with the same origins. */
    public AlignedText slice(int fromIndex, int toIndex) {
        if (fromIndex < 0 || fromIndex > toIndex || toIndex > length()) {
            throw new IndexOutOfBoundsException("slice " + fromIndex + " to " + toIndex + " of " + length());
        }
        return new AlignedText(codePoints, from, to, start + fromIndex, start + toIndex);
    }

    /** The code points now. */
    public int[] toCodePoints() {
        return Arrays.copyOfRange(codePoints, start, end);
    }

    /** The part from one index to another as a string. */
    public String substring(int fromIndex, int toIndex) {
        return new String(codePoints, start + fromIndex, toIndex - fromIndex);
    }

    /** UTF-8 of the text now. */
    public byte[] toUtf8() {
        byte[] bytes = new byte[length() * 4];
        int n = 0;
        for (int i = start; i < end; i++) {
            n = Utf8.put(codePoints[i], bytes, n);
        }
        return Arrays.copyOf(bytes, n);
    }

    @Override
    public String toString() {
        return new String(codePoints, start, length());
    }

    /**
     * Makes a new text from an old one, left to right, keeping track of where everything came from: the old code points are
     * consumed by {@link #replace} and {@link #skip}; what {@link #insert} adds is taken to come from the last one consumed.
     */
    public static final class Rewriter {

        /** Texts may be longer, but not become so: a file's replacements could double a text again and again. */
        private static final int LONGEST_GROWN = 1 << 26;

        private final AlignedText old;
        private int next;
        private int[] codePoints;
        private int[] from;
        private int[] to;
        private int size;

        public Rewriter(AlignedText old) {
            this.old = old;
            codePoints = new int[old.length() + 8];
            from = new int[codePoints.length];
            to = new int[codePoints.length];
        }

        /** Keeps the next code point. */
        public void keep() {
            replace(old.codePoint(next));
        }

        /** Keeps the code points up to the index. */
        public void keepUntil(int index) {
            while (next < index) {
                keep();
            }
        }

        /** Puts another in place of the next code point. */
        public void replace(int codePoint) {
            put(codePoint, old.originalFrom(next), old.originalTo(next));
            next++;
        }

        /** Drops the next {@code count} code points. */
        public void skip(int count) {
            next += count;
        }

        /** Adds a code point that came from the last one consumed, or from nowhere (0 to 0) before the first. */
        public void insert(int codePoint) {
            if (next == 0) {
                put(codePoint, 0, 0);
            } else {
                put(codePoint, old.originalFrom(next - 1), old.originalTo(next - 1));
            }
        }

        /** Adds a code point in front of the next one, which it is taken to come from. */
        public void insertBefore(int codePoint) {
            put(codePoint, old.originalFrom(next), old.originalTo(next));
        }

        /**
         * One step of a transformation as the Hugging Face library counts them.
         *
         * @param change 0 if the code point replaces the next one, 1 or more if it is new, -n if it replaces the next one and n
         *     more after that go
         */
        public void apply(int codePoint, int change) {
            if (change > 0) {
                insert(codePoint);
            } else if (next < old.length()) {
                replace(codePoint);
                next = Math.min(next - change, old.length());
            } else {
                insert(codePoint);
            }
        }

        public AlignedText finish() {
            return new AlignedText(codePoints, from, to, 0, size);
        }

        private void put(int codePoint, int originalFrom, int originalTo) {
            if (size == codePoints.length) {
                if (size > Math.max(LONGEST_GROWN, old.length() + 8)) {
                    throw new UnencodableTextException(
                            "normalizer",
                            "a text of " + old.length() + " characters",
                            "one that becomes at most " + LONGEST_GROWN);
                }
                int capacity = size + (size >> 1) + 8;
                codePoints = Arrays.copyOf(codePoints, capacity);
                from = Arrays.copyOf(from, capacity);
                to = Arrays.copyOf(to, capacity);
            }
            codePoints[size] = codePoint;
            from[size] = originalFrom;
            to[size++] = originalTo;
        }
    }
}
