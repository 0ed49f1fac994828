package dev.athanor.tokenizers.internal;

/** Merges by pair of ids: an open-addressed hash table from (left, right) to (rank, merged id). Immutable once filled. */
public final class MergeTable {

    /** What {@link #find} says of a pair that is no merge: larger than any rank. */
    public static final long NONE = Long.MAX_VALUE;

    /** Two longs a slot: the pair plus one (0 is empty), then {@code rank << 32 | merged}. */
    private final long[] slots;

    private final int mask;
    private int size;

    public MergeTable(int merges) {
        int capacity = Integer.highestOneBit(Math.max(merges, 8) * 2 - 1) << 1;
        slots = new long[capacity * 2];
        mask = capacity - 1;
    }

    /** Adds a merge; a pair that is there already takes the later rank, as a map would. */
    public void put(int left, int right, int rank, int merged) {
        long key = ((long) left << 32 | right) + 1;
        int slot = slot(key);
        while (slots[slot * 2] != 0 && slots[slot * 2] != key) {
            slot = (slot + 1) & mask;
        }
        size += slots[slot * 2] == 0 ? 1 : 0;
        slots[slot * 2] = key;
        slots[slot * 2 + 1] = (long) rank << 32 | merged;
    }

    /** {@code rank << 32 | merged}, or {@link #NONE}. */
    public long find(int left, int right) {
        long key = ((long) left << 32 | right) + 1;
        int slot = slot(key);
        while (true) {
            long found = slots[slot * 2];
            if (found == key) {
                return slots[slot * 2 + 1];
            }
            if (found == 0) {
                return NONE;
            }
            slot = (slot + 1) & mask;
        }
    }

    public int size() {
        return size;
    }

    private int slot(long key) {
        long h = key * 0x9E3779B97F4A7C15L;
        return (int) (h >>> 32 ^ h >>> 15) & mask;
    }
}
