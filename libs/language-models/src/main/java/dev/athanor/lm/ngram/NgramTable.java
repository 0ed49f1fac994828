package dev.athanor.lm.ngram;

import java.util.Arrays;

/**
 * The n-grams of one length with their counts, each under its first n-1 tokens, which are a number of the table one shorter: together
 * the tables are a trie. Open addressing over an array of entries, which keep their numbers; 20 bytes an entry, and 16 a context.
 */
final class NgramTable {

    private static final int ABSENT = -1;

    private long[] keys = new long[1 << 10];
    private int[] counts = new int[1 << 10];
    /** Number of the entry in each slot, plus one; 0 = free. At most half of the slots are taken. */
    private int[] slots = new int[1 << 11];

    private int size;

    private int[] totals = new int[0];
    private int[] ones = new int[0];
    private int[] twos = new int[0];
    private int[] more = new int[0];

    int size() {
        return size;
    }

    int count(int entry) {
        return counts[entry];
    }

    /** The entry of a context and a token, or -1. */
    int find(int context, int token) {
        long key = key(context, token);
        int entry = slots[slot(key)] - 1;
        return entry < 0 ? ABSENT : entry;
    }

    /** The entry, made with a count of 0 where it is absent. */
    int findOrAdd(int context, int token) {
        long key = key(context, token);
        int slot = slot(key);
        if (slots[slot] == 0) {
            if (size == keys.length) {
                grow();
                slot = slot(key);
            }
            keys[size] = key;
            slots[slot] = ++size;
        }
        return slots[slot] - 1;
    }

    int increment(int entry) {
        return ++counts[entry];
    }

    /** Sums up what was seen after each context; after it nothing is added. */
    void finish(int contexts) {
        totals = new int[contexts];
        ones = new int[contexts];
        twos = new int[contexts];
        more = new int[contexts];
        for (int entry = 0; entry < size; entry++) {
            int context = (int) (keys[entry] >>> 32);
            totals[context] += counts[entry];
            (counts[entry] == 1 ? ones : counts[entry] == 2 ? twos : more)[context]++;
        }
    }

    /** Sum of the counts after a context. */
    int total(int context) {
        return totals[context];
    }

    /** How much of a context's counts the discounts take off. */
    double freed(int context, double[] discounts) {
        return discounts[0] * ones[context] + discounts[1] * twos[context] + discounts[2] * more[context];
    }

    private static long key(int context, int token) {
        return (long) context << 32 | token;
    }

    /** Where a key is, or the free slot for it. */
    private int slot(long key) {
        long hash = key * 0x9E3779B97F4A7C15L;
        int mask = slots.length - 1;
        int slot = (int) (hash ^ hash >>> 32) & mask;
        while (slots[slot] != 0 && keys[slots[slot] - 1] != key) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        if (size >= 1 << 29) {
            throw new IllegalStateException("more than " + size + " n-grams of one length; count fewer tokens");
        }
        keys = Arrays.copyOf(keys, 2 * size);
        counts = Arrays.copyOf(counts, 2 * size);
        slots = new int[4 * size];
        for (int entry = 0; entry < size; entry++) {
            slots[slot(keys[entry])] = entry + 1;
        }
    }
}
