package dev.athanor.benchmarks.tokenizers;

import java.nio.charset.StandardCharsets;

/**
 * Text without end whose vocabulary keeps growing, from a seed: frequent words as often as in English (Zipf), and each 32nd word out of a
 * million million, as names and numbers and misspellings are. Made, because no corpus of that size is at hand.
 */
final class GrowingCorpus {

    private static final String[] SYLLABLES = {
        "a", "be", "con", "de", "er", "for", "ga", "hi", "in", "ju", "ka", "le", "men", "no", "or", "pre", "qua", "re",
        "st", "ti", "un", "ver", "wo", "xe", "y", "zo", "ing", "tion", "al", "ment", "ness", "s"
    };
    private static final int COMMON = 50_000;
    private static final int RARE_EVERY = 32;

    private final byte[][] common = new byte[COMMON][];
    private long state;

    GrowingCorpus(long seed) {
        state = seed;
        for (int i = 0; i < COMMON; i++) {
            common[i] = word(i).getBytes(StandardCharsets.UTF_8);
        }
    }

    /** Fills the buffer with whole words, lines of about a hundred bytes, and returns how many bytes were written. */
    int fill(byte[] buffer) {
        int n = 0;
        int lineEnd = 100;
        while (n < buffer.length - 80) {
            if (next() % RARE_EVERY == 0) {
                n = put(
                        word(COMMON + (long) Math.pow(2, 16 + 24 * fraction())).getBytes(StandardCharsets.UTF_8),
                        buffer,
                        n);
            } else {
                // The rank of a word by Zipf's law, roughly: uniform in its logarithm.
                int rank = (int) Math.pow(COMMON, fraction());
                n = put(common[Math.min(rank, COMMON) - 1], buffer, n);
            }
            buffer[n++] = (byte) (n >= lineEnd ? '\n' : ' ');
            lineEnd += n >= lineEnd ? 100 : 0;
        }
        return n;
    }

    private static int put(byte[] word, byte[] buffer, int at) {
        System.arraycopy(word, 0, buffer, at, word.length);
        return at + word.length;
    }

    private static String word(long number) {
        StringBuilder word = new StringBuilder();
        for (long rest = number + 1; rest > 0; rest >>>= 5) {
            word.append(SYLLABLES[(int) (rest & 31)]);
        }
        return word.toString();
    }

    /** From 0 to 1. */
    private double fraction() {
        return (next() >>> 10) / (double) (1L << 53);
    }

    /** SplitMix64, without the sign. */
    private long next() {
        long z = state += 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return (z ^ z >>> 31) >>> 1;
    }
}
