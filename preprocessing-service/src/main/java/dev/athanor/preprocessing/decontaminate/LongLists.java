package dev.athanor.preprocessing.decontaminate;

import java.util.Arrays;

/** From 64-bit keys to lists of ints: pairs, sorted once, then found by bisection. 12 bytes a pair. */
final class LongLists {

    private long[] keys = new long[1024];
    private int[] values = new int[1024];
    private int size;

    void add(long key, int value) {
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, size * 2);
            values = Arrays.copyOf(values, size * 2);
        }
        keys[size] = key;
        values[size++] = value;
    }

    /** Equal pairs become one; to be called once, before any look-up. */
    void freeze() {
        Integer[] order = new Integer[size];
        Arrays.setAll(order, i -> i);
        Arrays.sort(
                order,
                (a, b) -> keys[a] != keys[b] ? Long.compare(keys[a], keys[b]) : Integer.compare(values[a], values[b]));
        var sortedKeys = new long[size];
        var sortedValues = new int[size];
        int distinct = 0;
        for (int at : order) {
            boolean again =
                    distinct > 0 && sortedKeys[distinct - 1] == keys[at] && sortedValues[distinct - 1] == values[at];
            if (!again) {
                sortedKeys[distinct] = keys[at];
                sortedValues[distinct++] = values[at];
            }
        }
        keys = Arrays.copyOf(sortedKeys, distinct);
        values = Arrays.copyOf(sortedValues, distinct);
        size = distinct;
    }

    /** Index of the key's first pair; negative where there is none. */
    int first(long key) {
        int found = Arrays.binarySearch(keys, 0, size, key);
        while (found > 0 && keys[found - 1] == key) {
            found--;
        }
        return found;
    }

    boolean has(int index, long key) {
        return index >= 0 && index < size && keys[index] == key;
    }

    long key(int index) {
        return keys[index];
    }

    int value(int index) {
        return values[index];
    }

    int size() {
        return size;
    }
}
