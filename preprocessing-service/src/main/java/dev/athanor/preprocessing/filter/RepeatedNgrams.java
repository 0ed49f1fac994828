package dev.athanor.preprocessing.filter;

import dev.athanor.tokenizers.words.Tokens;

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
    /** Where the n-grams start that occur elsewhere too, in order, for n = {@link #repeatingLength}. */
    private int[] positions = new int[1];

    private int positionCount;
    private int repeatingLength;
    /** Occurrences of the word at a position; before the second pass its slot in the table. */
    private int[] wordCounts = new int[1];
    /** By n: no n-gram fills more characters, blanks included. */
    private final long[] heaviest = new long[5];

    private final HashCounts table = new HashCounts();

    void of(Tokens words) {
        size = words.size();
        if (prefix.length <= size) {
            int capacity = Math.max(size + 1, prefix.length * 2);
            prefix = new long[capacity];
            chars = new long[capacity];
            positions = new int[capacity];
            wordCounts = new int[capacity];
        }
        table.reset(size);
        long hash = 0;
        long characters = 0;
        for (int i = 0; i < size; i++) {
            long word = words.hash(i);
            hash = hash * BASE + word;
            prefix[i + 1] = hash;
            characters += words.length(i);
            chars[i + 1] = characters;
            wordCounts[i] = table.add(word);
        }
        weigh();
    }

    /** An n-gram occurs at most as often as the rarest of its words. */
    private void weigh() {
        repeatingLength = 1;
        // Local variables: what lies in an array would be read and written at each word.
        int[] repeating = positions;
        int repeatingCount = 0;
        long heaviestTwo = 0;
        long heaviestThree = 0;
        long heaviestFour = 0;
        int first = 0;
        int second = 0;
        int third = 0;
        for (int i = 0; i < size; i++) {
            int count = table.count(wordCounts[i]);
            wordCounts[i] = count;
            if (count > 1) {
                repeating[repeatingCount++] = i;
            }
            int two = Math.min(count, third);
            int three = Math.min(two, second);
            int four = Math.min(three, first);
            long end = chars[i + 1];
            heaviestTwo = Math.max(heaviestTwo, two * (end - chars[Math.max(0, i - 1)] + 1));
            heaviestThree = Math.max(heaviestThree, three * (end - chars[Math.max(0, i - 2)] + 2));
            heaviestFour = Math.max(heaviestFour, four * (end - chars[Math.max(0, i - 3)] + 3));
            first = second;
            second = third;
            third = count;
        }
        positionCount = repeatingCount;
        heaviest[2] = heaviestTwo;
        heaviest[3] = heaviestThree;
        heaviest[4] = heaviestFour;
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
        if (size < n || heaviest[n] <= share * textLength) {
            return false;
        }
        table.reset(size);
        long power = power(n);
        int most = 0;
        for (int i = 0; i + n <= size; i++) {
            most = Math.max(most, table.count(table.add(ngram(i, n, power))));
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
        table.reset(positionCount);
        long power = power(n);
        long repeated = 0;
        int from = 0;
        for (int p = 0; p < positionCount; p++) {
            int i = positions[p];
            if (i >= from && table.count(table.add(ngram(i, n, power))) > 1) {
                repeated += chars[i + n] - chars[i];
                from = i + n;
            }
        }
        return repeated;
    }

    /** Leaves the positions whose n-gram occurs more than once. */
    private void narrow(int n) {
        int wide = n - repeatingLength;
        repeatingLength = n;
        int kept = 0;
        for (int p = 0; p < positionCount; p++) {
            int i = positions[p];
            // The (n-1)-grams inside must repeat too: they are the next positions, without a gap.
            if (p + wide < positionCount && positions[p + wide] == i + wide) {
                positions[kept++] = i;
            }
        }
        positionCount = kept;
        table.reset(positionCount);
        long power = power(n);
        for (int p = 0; p < positionCount; p++) {
            wordCounts[p] = table.add(ngram(positions[p], n, power));
        }
        kept = 0;
        for (int p = 0; p < positionCount; p++) {
            if (table.count(wordCounts[p]) > 1) {
                positions[kept++] = positions[p];
            }
        }
        positionCount = kept;
    }
}
