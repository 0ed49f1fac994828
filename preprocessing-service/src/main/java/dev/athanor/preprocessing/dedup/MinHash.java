package dev.athanor.preprocessing.dedup;

import dev.athanor.contracts.spec.MinHashSpec;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * MinHash signatures of the sets of a text's word n-grams, and their bands. Words are runs of letters and digits in lower
 * case. Not for several threads.
 */
public final class MinHash {

    private static final long WORD_BASE = 0x9E3779B97F4A7C15L;
    private static final long NGRAM_BASE = 0xD6E8FEB86659FD93L;
    private static final char[] WORD_CHARS = wordChars();

    private final int ngram;
    private final int bands;
    private final int rows;
    private final int groupings;
    private final long power;
    /** One affine function of 32-bit numbers for each hash; the multipliers are odd, so that each is a permutation. */
    private final int[] multipliers;

    private final int[] offsets;
    private final int[] minima;
    private long[] words = new long[1024];

    public MinHash(MinHashSpec spec) {
        ngram = spec.ngram();
        bands = spec.bands();
        rows = spec.rows();
        groupings = spec.groupings();
        long product = 1;
        for (int i = 0; i < ngram; i++) {
            product *= NGRAM_BASE;
        }
        power = product;
        // Fixed: signatures of different corpus versions must be comparable.
        var random = new SplittableRandom(1);
        multipliers = new int[bands * rows];
        offsets = new int[bands * rows];
        for (int i = 0; i < multipliers.length; i++) {
            multipliers[i] = random.nextInt() | 1;
            offsets[i] = random.nextInt();
        }
        minima = new int[bands * rows];
    }

    /** One hash for each band of each grouping; none for a text without words. */
    public Fingerprint[] bands(String text) {
        int count = words(text);
        if (count == 0) {
            return new Fingerprint[0];
        }
        sign(count);
        var result = new Fingerprint[groupings * bands];
        for (int band = 0; band < bands; band++) {
            result[band] = band(band, band * rows, 1);
            if (groupings == 2) {
                result[bands + band] = band(bands + band, band, bands);
            }
        }
        return result;
    }

    private Fingerprint band(int number, int firstRow, int step) {
        long high = number;
        long low = ~number;
        for (int row = 0; row < rows; row++) {
            int minimum = minima[firstRow + row * step];
            high = mix(high ^ minimum);
            low = mix(low + minimum);
        }
        return new Fingerprint(high, low);
    }

    /** The signature itself: the minimum of each hash over the n-grams of the text. */
    int[] signature(String text) {
        sign(words(text));
        return minima.clone();
    }

    private void sign(int count) {
        Arrays.fill(minima, Integer.MAX_VALUE);
        long hash = 0;
        int first = Math.min(ngram, count);
        for (int i = 0; i < count; i++) {
            hash = hash * NGRAM_BASE + words[i];
            if (i >= ngram) {
                hash -= words[i - ngram] * power;
            }
            if (i + 1 >= first) {
                lower((int) (mix(hash) >>> 32));
            }
        }
    }

    /** A plain loop over ints, which the compiler turns into vector instructions. */
    private void lower(int shingle) {
        int[] least = minima;
        int[] a = multipliers;
        int[] b = offsets;
        for (int i = 0; i < least.length; i++) {
            least[i] = Math.min(least[i], a[i] * shingle + b[i]);
        }
    }

    private int words(String text) {
        int count = 0;
        long hash = 0;
        boolean inWord = false;
        int length = text.length();
        for (int i = 0; i <= length; i++) {
            char c = i < length ? WORD_CHARS[text.charAt(i)] : 0;
            if (c != 0) {
                hash = (hash ^ c) * WORD_BASE;
                inWord = true;
            } else if (inWord) {
                if (count == words.length) {
                    words = Arrays.copyOf(words, count * 2);
                }
                words[count++] = hash ^ hash >>> 32;
                hash = 0;
                inWord = false;
            }
        }
        return count;
    }

    private static long mix(long value) {
        long z = (value ^ value >>> 32) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 29) * 0x94D049BB133111EBL;
        return z ^ z >>> 32;
    }

    /** Lower case of letters and digits, halves of surrogate pairs as they are; 0 for what parts words. */
    private static char[] wordChars() {
        var chars = new char[1 << 16];
        for (int c = 0; c < chars.length; c++) {
            if (Character.isLetterOrDigit(c) || Character.isSurrogate((char) c) || isMark(c)) {
                chars[c] = (char) Character.toLowerCase(c);
            }
        }
        return chars;
    }

    private static boolean isMark(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }
}
