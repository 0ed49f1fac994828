package dev.athanor.tokenizers.internal;

/** UTF-8 without intermediate objects. A lone surrogate becomes U+FFFD, as a lossy decoder would have it. */
public final class Utf8 {

    private Utf8() {}

    /** Most bytes that {@code chars} UTF-16 code units can need. */
    public static int maxBytes(int chars) {
        return Math.multiplyExact(chars, 3);
    }

    /** Writes the text at {@code at} and returns the position after it; the target must have room for {@link #maxBytes}. */
    public static int encode(CharSequence text, int from, int to, byte[] target, int at) {
        int p = at;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                target[p++] = (byte) c;
            } else if (c < 0x800) {
                target[p++] = (byte) (0xC0 | c >> 6);
                target[p++] = (byte) (0x80 | c & 0x3F);
            } else if (Character.isHighSurrogate(c) && i + 1 < to && Character.isLowSurrogate(text.charAt(i + 1))) {
                p = put(Character.toCodePoint(c, text.charAt(++i)), target, p);
            } else {
                p = put(Character.isSurrogate(c) ? 0xFFFD : c, target, p);
            }
        }
        return p;
    }

    /** Writes one code point and returns the position after it. */
    public static int put(int codePoint, byte[] target, int at) {
        int p = at;
        if (codePoint < 0x80) {
            target[p++] = (byte) codePoint;
        } else if (codePoint < 0x800) {
            target[p++] = (byte) (0xC0 | codePoint >> 6);
            target[p++] = (byte) (0x80 | codePoint & 0x3F);
        } else if (codePoint < 0x10000) {
            target[p++] = (byte) (0xE0 | codePoint >> 12);
            target[p++] = (byte) (0x80 | codePoint >> 6 & 0x3F);
            target[p++] = (byte) (0x80 | codePoint & 0x3F);
        } else {
            target[p++] = (byte) (0xF0 | codePoint >> 18);
            target[p++] = (byte) (0x80 | codePoint >> 12 & 0x3F);
            target[p++] = (byte) (0x80 | codePoint >> 6 & 0x3F);
            target[p++] = (byte) (0x80 | codePoint & 0x3F);
        }
        return p;
    }

    /** How many bytes the code point takes. */
    public static int length(int codePoint) {
        return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    }

    /**
     * The code point at {@code p} and its length: {@code codePoint << 3 | length}. A byte that starts no whole character before
     * {@code end} is taken as U+FFFD of length 1.
     */
    public static int decode(byte[] b, int p, int end) {
        int b0 = b[p] & 0xFF;
        if (b0 < 0x80) {
            return b0 << 3 | 1;
        }
        if (b0 >= 0xC2 && b0 < 0xE0 && p + 1 < end && continues(b[p + 1])) {
            return ((b0 & 0x1F) << 6 | b[p + 1] & 0x3F) << 3 | 2;
        }
        if (b0 >= 0xE0 && b0 < 0xF0 && p + 2 < end && continues(b[p + 1]) && continues(b[p + 2])) {
            int c = (b0 & 0x0F) << 12 | (b[p + 1] & 0x3F) << 6 | b[p + 2] & 0x3F;
            if (c >= 0x800 && (c < 0xD800 || c > 0xDFFF)) {
                return c << 3 | 3;
            }
        }
        if (b0 >= 0xF0
                && b0 < 0xF5
                && p + 3 < end
                && continues(b[p + 1])
                && continues(b[p + 2])
                && continues(b[p + 3])) {
            int c = (b0 & 0x07) << 18 | (b[p + 1] & 0x3F) << 12 | (b[p + 2] & 0x3F) << 6 | b[p + 3] & 0x3F;
            if (c >= 0x10000 && c <= Character.MAX_CODE_POINT) {
                return c << 3 | 4;
            }
        }
        return 0xFFFD << 3 | 1;
    }

    private static boolean continues(byte b) {
        return (b & 0xC0) == 0x80;
    }

    /** Code points between two positions; negative where the second lies in front of the first. */
    public static int codePoints(byte[] utf8, int from, int to) {
        int count = 0;
        for (int p = Math.min(from, to); p < Math.max(from, to); p++) {
            count += (utf8[p] & 0xC0) != 0x80 ? 1 : 0;
        }
        return from <= to ? count : -count;
    }
}
