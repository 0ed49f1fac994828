package dev.athanor.preprocessing.filter;

import dev.athanor.preprocessing.words.Words;
import java.util.Arrays;

/**
 * Counts a text's word n-grams by 64-bit hashes. Most texts are passed without counting: an n-gram can only be frequent when
 * its words are, and only repeat where its (n-1)-grams do. Not for several threads.
 */
final class RepeatedNgrams {

    /** Odd multiplier of the polynomial over word hashes (mod 2⁶⁴). */
    private static final long BASE = 0xD6E8FEB86659FD93L;

    private int size;
    /** {@code prefix[i]}: polynomial of the words before i; {@code chars[i]}: their characters. */
    private long[] prefix = new long[1];

    private long[] chars = new long[1];
    /** Whether the n-gram at a position occurs elsewhere, for {@link #repeatingLength}. */
    private boolean[] repeats = new boolean[1];

    private int repeatingLength;
    private long heaviestWord;
    private final HashCounts table = new HashCounts();

    void of(Words words) {
        size = words.size();
        if (prefix.length <= size) {
            int capacity = Math.max(size + 1, prefix.length * 2);
            prefix = new long[capacity];
            chars = new long[capacity];
            repeats = new boolean[capacity];
        }
        for (int i = 0; i < size; i++) {
            prefix[i + 1] = prefix[i] * BASE + words.hash(i);
            chars[i + 1] = chars[i] + words.length(i);
        }
        countWords();
    }

    private void countWords() {
        table.reset(size);
        heaviestWord = 0;
        repeatingLength = 1;
        Arrays.fill(repeats, 0, size, false);
        for (int i = 0; i < size; i++) {
            int slot = table.add(ngram(i, 1, BASE), i);
            int count = table.count(slot);
            if (count > 1) {
                repeats[i] = true;
                repeats[table.first(slot)] = true;
            }
            heaviestWord = Math.max(heaviestWord, count * (chars[i + 1] - chars[i] + 1));
        }
    }

    private long ngram(int from, int n, long power) {
        long hash = prefix[from + n] - prefix[from] * power;
        return hash ^ hash >>> 29;
    }

    private static long power(int n) {
        long power = 1;
        for (int i = 0; i < n; i++) {
            power *= BASE;
        }
        return power;
    }

    /** Whether the first of the most frequent n-grams, blanks between its words, fills more than {@code share} of the text. */
    boolean topExceeds(int n, double share, double textLength) {
        // c occurrences of an n-gram are at most as heavy as the c occurrences of each of its words.
        if (size < n || n * heaviestWord <= share * textLength) {
            return false;
        }
        table.reset(size);
        long power = power(n);
        int most = 0;
        for (int i = 0; i + n <= size; i++) {
            most = Math.max(most, table.count(table.add(ngram(i, n, power), i)));
        }
        for (int i = 0; i + n <= size; i++) {
            if (table.count(table.find(ngram(i, n, power))) == most) {
                return most * (chars[i + n] - chars[i] + n - 1) / textLength > share;
            }
        }
        return false;
    }

    /**
     * Characters (no blanks) of n-grams seen before, where counting goes on behind a repeated one. To be called for growing n.
     *
     * @param n 5 or more
     */
    long repeatedCharacters(int n) {
        if (size < n) {
            return 0;
        }
        narrow(n);
        table.reset(size);
        long power = power(n);
        long repeated = 0;
        for (int i = 0; i + n <= size; ) {
            if (repeats[i] && table.count(table.add(ngram(i, n, power), i)) > 1) {
                repeated += chars[i + n] - chars[i];
                i += n;
            } else {
                i++;
            }
        }
        return repeated;
    }

    /** Makes {@code repeats} say which n-grams occur more than once. */
    private void narrow(int n) {
        int wide = n - repeatingLength;
        int last = size - n;
        boolean any = false;
        for (int i = 0; i <= last; i++) {
            boolean all = true;
            for (int j = 0; j <= wide && all; j++) {
                all = repeats[i + j];
            }
            repeats[i] = all;
            any |= all;
        }
        Arrays.fill(repeats, last + 1, size, false);
        repeatingLength = n;
        if (!any) {
            return;
        }
        table.reset(size);
        long power = power(n);
        for (int i = 0; i <= last; i++) {
            if (repeats[i]) {
                int slot = table.add(ngram(i, n, power), i);
                repeats[i] = table.count(slot) > 1;
                if (table.count(slot) > 1) {
                    repeats[table.first(slot)] = true;
                }
            }
        }
    }
}
