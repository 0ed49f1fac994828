package dev.athanor.preprocessing.words;

import java.util.Arrays;

/** The words of a text as 64-bit hashes: runs of letters and digits in lower case. Reused from text to text; one thread. */
public final class HashedWords {

    private static final long WORD_BASE = 0x9E3779B97F4A7C15L;
    private static final long NGRAM_BASE = 0xD6E8FEB86659FD93L;
    private static final char[] WORD_CHARS = wordChars();

    private long[] words = new long[1024];
    private int size;

    /** Forgets the text before; gives the number of words. */
    public int read(String text) {
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
        size = count;
        return count;
    }

    public int size() {
        return size;
    }

    /** Receives the n-grams in order. */
    @FunctionalInterface
    public interface NgramConsumer {
        void accept(int firstWord, long hash);
    }

    /** A rolling hash of each n words in a row; none for a text of fewer words. */
    public void ngrams(int n, NgramConsumer consumer) {
        long power = 1;
        for (int i = 0; i < n; i++) {
            power *= NGRAM_BASE;
        }
        long hash = 0;
        for (int i = 0; i < size; i++) {
            hash = hash * NGRAM_BASE + words[i];
            if (i >= n) {
                hash -= words[i - n] * power;
            }
            if (i + 1 >= n) {
                consumer.accept(i + 1 - n, mix(hash));
            }
        }
    }

    public static long mix(long value) {
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
