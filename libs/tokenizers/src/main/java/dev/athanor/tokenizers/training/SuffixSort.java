package dev.athanor.tokenizers.training;

import java.util.Arrays;

/** Sorts positions of a text by the characters that follow: multikey quicksort (Bentley and Sedgewick 1997), to a given depth. */
final class SuffixSort {

    private final int[] text;
    private final int depthLimit;

    /** @param text in which every suffix to sort reaches a 0 or the depth limit before the end */
    SuffixSort(int[] text, int depthLimit) {
        this.text = text;
        this.depthLimit = depthLimit;
    }

    /** Sorts the positions; those that are equal to the depth limit are left in the order of positions. */
    void sort(int[] positions) {
        sort(positions, 0, positions.length, 0);
    }

    private void sort(int[] a, int start, int stop, int startDepth) {
        int from = start;
        int to = stop;
        int depth = startDepth;
        while (to - from > 1) {
            if (depth == depthLimit) {
                Arrays.sort(a, from, to);
                return;
            }
            int pivot = median(at(a[from], depth), at(a[(from + to) >>> 1], depth), at(a[to - 1], depth));
            int less = from;
            int more = to;
            for (int i = from; i < more; ) {
                int c = at(a[i], depth);
                if (c < pivot) {
                    swap(a, less++, i++);
                } else if (c > pivot) {
                    swap(a, i, --more);
                } else {
                    i++;
                }
            }
            sort(a, from, less, depth);
            sort(a, more, to, depth);
            from = less;
            to = more;
            if (pivot == 0) {
                Arrays.sort(a, from, to);
                return;
            }
            depth++;
        }
    }

    private int at(int position, int depth) {
        return text[position + depth];
    }

    private static int median(int a, int b, int c) {
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }

    private static void swap(int[] a, int i, int j) {
        int t = a[i];
        a[i] = a[j];
        a[j] = t;
    }
}
