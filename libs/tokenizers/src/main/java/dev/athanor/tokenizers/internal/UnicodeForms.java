package dev.athanor.tokenizers.internal;

import dev.athanor.tokenizers.AlignedText;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Arrays;

/**
 * The Unicode normalization forms (UAX #15) with alignments: each code point of the result is known to replace one of the source,
 * to have been added after one, or to stand for several. The JDK's tables, an algorithm of our own around them.
 */
public final class UnicodeForms {

    /** Marks in a row; real text has three or four. */
    private static final int FEW_MARKS = 32;

    private UnicodeForms() {}

    public static AlignedText normalize(AlignedText text, Form form) {
        if (isPlain(text) || isNormalized(text.toString(), form)) {
            return text;
        }
        boolean compatible = form == Form.NFKC || form == Form.NFKD;
        Chars chars = decompose(text, compatible ? Form.NFKD : Form.NFD);
        if (form == Form.NFC || form == Form.NFKC) {
            chars = compose(chars);
        }
        AlignedText.Rewriter out = new AlignedText.Rewriter(text);
        for (int i = 0; i < chars.size; i++) {
            out.apply(chars.codePoint[i], chars.change[i]);
        }
        return out.finish();
    }

    /** Whether the first bytes are text in the form; a text of very many marks in a row never is, as far as this says. */
    public static boolean isNormalized(byte[] utf8, int end, Form form) {
        // What comes before U+0300 composes with nothing in front of it, and before U+0080 nothing decomposes.
        int lead = form == Form.NFC ? 0xCC : 0x80;
        for (int i = 0; i < end; i++) {
            if ((utf8[i] & 0xFF) >= lead) {
                return isNormalized(new String(utf8, 0, end, StandardCharsets.UTF_8), form);
            }
        }
        return true;
    }

    /** The JDK's own test takes quadratic time on a long run of marks. */
    private static boolean isNormalized(String text, Form form) {
        int run = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int c = text.codePointAt(i);
            run = c >= 0x300 && CombiningClass.of(c) != 0 ? run + 1 : 0;
            if (run > FEW_MARKS) {
                return false;
            }
        }
        return Normalizer.isNormalized(text, form);
    }

    private static boolean isPlain(AlignedText text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.codePoint(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /** Code points with their combining classes and what {@link AlignedText.Rewriter#apply} has to do for each. */
    private static final class Chars {
        int[] codePoint;
        int[] change;
        int[] combining;
        int size;

        Chars(int capacity) {
            codePoint = new int[capacity];
            change = new int[capacity];
            combining = new int[capacity];
        }

        void add(int c, int changeOfC, int combiningOfC) {
            if (size == codePoint.length) {
                int capacity = size * 2 + 8;
                codePoint = Arrays.copyOf(codePoint, capacity);
                change = Arrays.copyOf(change, capacity);
                combining = Arrays.copyOf(combining, capacity);
            }
            codePoint[size] = c;
            change[size] = changeOfC;
            combining[size++] = combiningOfC;
        }

        /** Brings the marks from an index on into canonical order; equal classes keep theirs. */
        void sortFrom(int from) {
            if (size - from > FEW_MARKS) {
                sortManyFrom(from);
                return;
            }
            for (int i = from + 1; i < size; i++) {
                int c = codePoint[i];
                int ch = change[i];
                int k = combining[i];
                int j = i;
                for (; j > from && combining[j - 1] > k; j--) {
                    codePoint[j] = codePoint[j - 1];
                    change[j] = change[j - 1];
                    combining[j] = combining[j - 1];
                }
                codePoint[j] = c;
                change[j] = ch;
                combining[j] = k;
            }
        }

        /** The same by counting, in time proportional to the number of marks. */
        private void sortManyFrom(int from) {
            int[] at = new int[257];
            for (int i = from; i < size; i++) {
                at[combining[i] + 1]++;
            }
            for (int k = 0; k < 256; k++) {
                at[k + 1] += at[k];
            }
            int n = size - from;
            int[] c = new int[n];
            int[] ch = new int[n];
            int[] k = new int[n];
            for (int i = from; i < size; i++) {
                int to = at[combining[i]]++;
                c[to] = codePoint[i];
                ch[to] = change[i];
                k[to] = combining[i];
            }
            System.arraycopy(c, 0, codePoint, from, n);
            System.arraycopy(ch, 0, change, from, n);
            System.arraycopy(k, 0, combining, from, n);
        }
    }

    private static Chars decompose(AlignedText text, Form form) {
        Chars out = new Chars(text.length() + 16);
        int pending = 0;
        for (int i = 0; i < text.length(); i++) {
            int c = text.codePoint(i);
            if (c < 0xA0) {
                out.sortFrom(pending);
                out.add(c, 0, 0);
                pending = out.size;
                continue;
            }
            String one = Character.toString(c);
            String parts = ReferenceClasses.isUndecomposed(c) ? one : Normalizer.normalize(one, form);
            for (int p = 0; p < parts.length(); ) {
                int part = parts.codePointAt(p);
                int combining = CombiningClass.of(part);
                if (combining == 0) {
                    out.sortFrom(pending);
                    pending = out.size + 1;
                }
                out.add(part, p == 0 ? 0 : 1, combining);
                p += Character.charCount(part);
            }
        }
        out.sortFrom(pending);
        return out;
    }

    private static Chars compose(Chars in) {
        Chars out = new Chars(in.size);
        int starter = -1;
        int lastCombining = -1;
        for (int i = 0; i < in.size; i++) {
            int c = in.codePoint[i];
            int k = in.combining[i];
            if (starter >= 0 && (lastCombining < 0 || lastCombining < k)) {
                int joint = pair(out.codePoint[starter], c);
                if (joint >= 0) {
                    out.codePoint[starter] = joint;
                    out.change[starter] += in.change[i] - 1;
                    continue;
                }
            }
            out.add(c, in.change[i], k);
            if (k == 0) {
                starter = out.size - 1;
                lastCombining = -1;
            } else if (starter >= 0) {
                lastCombining = k;
            }
        }
        return out;
    }

    /** The composition of a starter and what follows it, or -1. */
    private static int pair(int starter, int second) {
        if (starter < 0x80 && second < 0x300) {
            return -1;
        }
        String joint = Normalizer.normalize(Character.toString(starter) + Character.toString(second), Form.NFC);
        boolean isOne = joint.codePointCount(0, joint.length()) == 1;
        return isOne && !ReferenceClasses.isUndecomposed(joint.codePointAt(0)) ? joint.codePointAt(0) : -1;
    }
}
