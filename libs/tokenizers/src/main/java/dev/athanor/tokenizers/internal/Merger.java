package dev.athanor.tokenizers.internal;

import java.util.Arrays;

/**
 * Applies merges to the symbols of one piece: the pair of lowest rank first, the leftmost of equals. Short pieces are searched
 * anew after each merge; long ones keep their pairs in a heap, so that a piece of n symbols costs O(n log n). Not thread-safe.
 */
public final class Merger {

    private static final int SHORT = 40;

    private final MergeTable table;
    /** The symbols: the caller fills the first n before {@link #merge}. */
    private int[] ids = new int[64];
    /** The byte length of each symbol, kept along. */
    private int[] lengths = new int[64];

    private final long[] shortRanks = new long[SHORT];

    public Merger(MergeTable table) {
        this.table = table;
    }

    /** The symbols, with room for n. */
    public int[] ids(int n) {
        if (ids.length < n) {
            ids = new int[n + (n >> 1)];
            lengths = new int[ids.length];
        }
        return ids;
    }

    /** The symbols' lengths in the caller's units; call {@link #ids(int)} first. */
    public int[] lengths() {
        return lengths;
    }

    /** Merges the first n symbols in place, lengths added up along, and returns how many are left. */
    public int merge(int n) {
        return n <= SHORT ? mergeShort(n) : mergeLong(n);
    }

    private int mergeShort(int count) {
        int n = count;
        long[] ranks = shortRanks;
        for (int i = 0; i + 1 < n; i++) {
            ranks[i] = table.find(ids[i], ids[i + 1]);
        }
        while (n > 1) {
            int best = 0;
            long bestRank = ranks[0];
            for (int i = 1; i + 1 < n; i++) {
                if (ranks[i] >>> 32 < bestRank >>> 32) {
                    best = i;
                    bestRank = ranks[i];
                }
            }
            if (bestRank == MergeTable.NONE) {
                break;
            }
            ids[best] = (int) bestRank;
            lengths[best] += lengths[best + 1];
            n--;
            System.arraycopy(ids, best + 2, ids, best + 1, n - best - 1);
            System.arraycopy(lengths, best + 2, lengths, best + 1, n - best - 1);
            if (n - best - 2 > 0) {
                System.arraycopy(ranks, best + 2, ranks, best + 1, n - best - 2);
            }
            if (best > 0) {
                ranks[best - 1] = table.find(ids[best - 1], ids[best]);
            }
            if (best + 1 < n) {
                ranks[best] = table.find(ids[best], ids[best + 1]);
            }
        }
        return n;
    }

    private int mergeLong(int n) {
        int[] next = new int[n];
        int[] previous = new int[n];
        LongHeap heap = new LongHeap(n);
        for (int i = 0; i < n; i++) {
            next[i] = i + 1;
            previous[i] = i - 1;
        }
        for (int i = 0; i + 1 < n; i++) {
            long found = table.find(ids[i], ids[i + 1]);
            if (found != MergeTable.NONE) {
                heap.append((found & 0xFFFFFFFF00000000L) | i);
            }
        }
        heap.heapify();
        int left = n;
        while (!heap.isEmpty()) {
            long top = heap.poll();
            int i = (int) top;
            if (previous[i] == Integer.MIN_VALUE || next[i] >= n) {
                continue;
            }
            int j = next[i];
            long found = table.find(ids[i], ids[j]);
            if (found == MergeTable.NONE || found >>> 32 != top >>> 32) {
                continue;
            }
            ids[i] = (int) found;
            lengths[i] += lengths[j];
            next[i] = next[j];
            previous[j] = Integer.MIN_VALUE;
            left--;
            if (next[i] < n) {
                previous[next[i]] = i;
                push(heap, i, next[i]);
            }
            if (previous[i] >= 0) {
                push(heap, previous[i], i);
            }
        }
        int at = 0;
        for (int i = 0; i < n; i = next[i]) {
            ids[at] = ids[i];
            lengths[at++] = lengths[i];
        }
        assert at == left;
        return left;
    }

    private void push(LongHeap heap, int i, int j) {
        long found = table.find(ids[i], ids[j]);
        if (found != MergeTable.NONE) {
            heap.add((found & 0xFFFFFFFF00000000L) | i);
        }
    }

    /** A binary min-heap of longs. */
    private static final class LongHeap {
        private long[] values;
        private int size;

        LongHeap(int capacity) {
            values = new long[capacity];
        }

        boolean isEmpty() {
            return size == 0;
        }

        void append(long value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, size + (size >> 1) + 1);
            }
            values[size++] = value;
        }

        void heapify() {
            for (int i = size / 2 - 1; i >= 0; i--) {
                siftDown(i);
            }
        }

        void add(long value) {
            append(value);
            int i = size - 1;
            while (i > 0 && values[(i - 1) / 2] > value) {
                values[i] = values[(i - 1) / 2];
                i = (i - 1) / 2;
            }
            values[i] = value;
        }

        long poll() {
            long top = values[0];
            values[0] = values[--size];
            siftDown(0);
            return top;
        }

        private void siftDown(int from) {
            int i = from;
            long value = values[i];
            while (2 * i + 1 < size) {
                int child = 2 * i + 1;
                if (child + 1 < size && values[child + 1] < values[child]) {
                    child++;
                }
                if (values[child] >= value) {
                    break;
                }
                values[i] = values[child];
                i = child;
            }
            values[i] = value;
        }
    }
}
