package dev.athanor.preprocessing.filter;

import java.util.Arrays;

/** Counts 64-bit hashes. Open addressing, sized for each text, arrays reused. */
final class HashCounts {

    private long[] keys = new long[16];
    private int[] counts = new int[16];
    private int mask = 15;

    /** Empties the table and makes room for so many different hashes. */
    void reset(int capacity) {
        int slots = Math.max(16, Integer.highestOneBit(Math.max(1, capacity / 3 * 4)) << 1);
        if (keys.length < slots) {
            keys = new long[slots];
            counts = new int[slots];
        } else {
            Arrays.fill(counts, 0, slots, 0);
        }
        mask = slots - 1;
    }

    /** Counts the hash once more and returns its slot. */
    int add(long hash) {
        int slot = find(hash);
        if (counts[slot]++ == 0) {
            keys[slot] = hash;
        }
        return slot;
    }

    /** The hash's slot, or the free one where it would go. */
    int find(long hash) {
        int slot = (int) (hash >>> 17) & mask;
        while (counts[slot] != 0 && keys[slot] != hash) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    int count(int slot) {
        return counts[slot];
    }
}
