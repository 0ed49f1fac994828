package dev.athanor.tokenizers.training;

import dev.athanor.tokenizers.IntList;
import java.util.Arrays;

/** Words as runs of symbols in one array; merging shortens a word in place. */
final class SymbolWords {

    private final IntList symbols = new IntList(1 << 16);
    private int[] starts = new int[1 << 12];
    private int[] ends = new int[1 << 12];
    private long[] counts = new long[1 << 12];
    private int size;

    void add(IntList word, long count) {
        if (size == starts.length) {
            starts = Arrays.copyOf(starts, size * 2);
            ends = Arrays.copyOf(ends, size * 2);
            counts = Arrays.copyOf(counts, size * 2);
        }
        starts[size] = symbols.size();
        symbols.addAll(word.array(), 0, word.size());
        ends[size] = symbols.size();
        counts[size++] = count;
    }

    int size() {
        return size;
    }

    int start(int word) {
        return starts[word];
    }

    int end(int word) {
        return ends[word];
    }

    long count(int word) {
        return counts[word];
    }

    int symbol(int position) {
        return symbols.array()[position];
    }

    int[] symbols() {
        return symbols.array();
    }

    void shrink(int word, int newEnd) {
        ends[word] = newEnd;
    }
}
