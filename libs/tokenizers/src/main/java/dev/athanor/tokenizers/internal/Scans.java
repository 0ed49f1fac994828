package dev.athanor.tokenizers.internal;

import static dev.athanor.tokenizers.internal.CharClasses.LETTER;
import static dev.athanor.tokenizers.internal.CharClasses.MULTI;
import static dev.athanor.tokenizers.internal.CharClasses.NUMBER;
import static dev.athanor.tokenizers.internal.CharClasses.OTHER;
import static dev.athanor.tokenizers.internal.CharClasses.SPACE;

/** Runs of one character class in UTF-8: the steps that the scanners share. Each returns the position after the run. */
final class Scans {

    private Scans() {}

    static int classAt(byte[] b, int p, int end) {
        int k = CharClasses.OF_BYTE[b[p] & 0xFF];
        return k != MULTI ? k : CharClasses.of(Utf8.decode(b, p, end) >> 3);
    }

    static int letters(byte[] b, int from, int end) {
        int p = from;
        while (p < end) {
            int k = CharClasses.OF_BYTE[b[p] & 0xFF];
            if (k == LETTER) {
                p++;
            } else if (k == MULTI) {
                int decoded = Utf8.decode(b, p, end);
                if (CharClasses.of(decoded >> 3) != LETTER) {
                    break;
                }
                p += decoded & 7;
            } else {
                break;
            }
        }
        return p;
    }

    /** At most {@code limit} numbers. */
    static int numbers(byte[] b, int from, int end, int limit) {
        int p = from;
        for (int n = 0; p < end && n < limit && classAt(b, p, end) == NUMBER; n++) {
            p += Utf8.decode(b, p, end) & 7;
        }
        return p;
    }

    static int others(byte[] b, int from, int end) {
        int p = from;
        while (p < end && classAt(b, p, end) == OTHER) {
            p += Utf8.decode(b, p, end) & 7;
        }
        return p;
    }

    static int spaces(byte[] b, int from, int end) {
        int p = from;
        while (p < end && classAt(b, p, end) == SPACE) {
            p += Utf8.decode(b, p, end) & 7;
        }
        return p;
    }

    /** Where the last character before {@code p} starts. */
    static int before(byte[] b, int p) {
        int q = p - 1;
        while ((b[q] & 0xC0) == 0x80) {
            q--;
        }
        return q;
    }

    /** The alternatives {@code \s+(?!\S)|\s+} on the run of white space from {@code from}: leaves the last one to what follows. */
    static int spacesLeavingOne(byte[] b, int from, int end) {
        int p = spaces(b, from, end);
        if (p == end) {
            return p;
        }
        int last = before(b, p);
        return last > from ? last : p;
    }
}
