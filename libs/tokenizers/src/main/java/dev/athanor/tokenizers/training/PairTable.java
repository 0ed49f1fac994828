package dev.athanor.tokenizers.training;

import dev.athanor.tokenizers.IntList;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Counts of pairs of symbols, and for those that grew since the last look the words that they grew in. */
final class PairTable {

    /** Hash table of pair slots plus one. */
    private int[] table = new int[1 << 16];

    private long[] pairs = new long[1 << 15];
    private long[] counts = new long[1 << 15];
    private @Nullable IntList[] words = new IntList[1 << 15];
    private int size;
    private final IntList touched = new IntList();

    /** The pair's slot, a new one if it has none yet. */
    int slot(int left, int right) {
        long pair = (long) left << 32 | right;
        int mask = table.length - 1;
        int at = hash(pair) & mask;
        while (table[at] != 0) {
            int slot = table[at] - 1;
            if (pairs[slot] == pair) {
                return slot;
            }
            at = (at + 1) & mask;
        }
        if (size == pairs.length) {
            pairs = Arrays.copyOf(pairs, size * 2);
            counts = Arrays.copyOf(counts, size * 2);
            words = Arrays.copyOf(words, size * 2);
        }
        pairs[size] = pair;
        table[at] = ++size;
        if (size * 2 > table.length) {
            rehash();
        }
        return size - 1;
    }

    void add(int slot, long change) {
        counts[slot] += change;
    }

    /** Adds to the count because of a word. Words come in rising order within one round. */
    void addFor(int slot, long change, int word) {
        counts[slot] += change;
        IntList in = words[slot];
        if (in == null) {
            in = new IntList(8);
            words[slot] = in;
            touched.add(slot);
        }
        if (in.size() == 0 || in.get(in.size() - 1) != word) {
            in.add(word);
        }
    }

    long count(int slot) {
        return counts[slot];
    }

    int left(int slot) {
        return (int) (pairs[slot] >>> 32);
    }

    int right(int slot) {
        return (int) pairs[slot];
    }

    /** Takes what a pair's slot and its words are. */
    interface Touched {
        void pair(int slot, IntList words);
    }

    /** Hands out the pairs that grew since the last call, and forgets their words. */
    void drainTouched(Touched consumer) {
        for (int i = 0; i < touched.size(); i++) {
            int slot = touched.get(i);
            IntList in = words[slot];
            if (in != null) {
                words[slot] = null;
                consumer.pair(slot, in);
            }
        }
        touched.clear();
    }

    private void rehash() {
        table = new int[table.length * 2];
        int mask = table.length - 1;
        for (int slot = 0; slot < size; slot++) {
            int at = hash(pairs[slot]) & mask;
            while (table[at] != 0) {
                at = (at + 1) & mask;
            }
            table[at] = slot + 1;
        }
    }

    private static int hash(long pair) {
        long h = pair * 0x9E3779B97F4A7C15L;
        return (int) (h >>> 32 ^ h >>> 13);
    }
}
