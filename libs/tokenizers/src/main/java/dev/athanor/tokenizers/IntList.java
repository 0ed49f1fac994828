package dev.athanor.tokenizers;

import java.util.Arrays;

/** A growable list of ints without boxing: the sink of the fast encoding path. Not thread-safe. */
public final class IntList {

    private int[] values;
    private int size;

    /** So that lists of two threads, side by side in memory, do not share the cache line that each token changes. */
    @SuppressWarnings("UnusedVariable")
    private long pad0;

    @SuppressWarnings("UnusedVariable")
    private long pad1;

    @SuppressWarnings("UnusedVariable")
    private long pad2;

    @SuppressWarnings("UnusedVariable")
    private long pad3;

    @SuppressWarnings("UnusedVariable")
    private long pad4;

    @SuppressWarnings("UnusedVariable")
    private long pad5;

    @SuppressWarnings("UnusedVariable")
    private long pad6;

    public IntList() {
        this(64);
    }

    public IntList(int capacity) {
        values = new int[Math.max(capacity, 8)];
    }

    public void add(int value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size + (size >> 1) + 8);
        }
        values[size++] = value;
    }

    /** Makes room for {@code more} further values, so that the adds that follow do not copy. */
    public void ensureRoom(int more) {
        if (values.length - size < more) {
            values = Arrays.copyOf(values, Math.max(size + more, size + (size >> 1)));
        }
    }

    public void addAll(int[] source, int from, int to) {
        ensureRoom(to - from);
        System.arraycopy(source, from, values, size, to - from);
        size += to - from;
    }

    public int get(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("index " + index + ", size " + size);
        }
        return values[index];
    }

    public void set(int index, int value) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("index " + index + ", size " + size);
        }
        values[index] = value;
    }

    public int size() {
        return size;
    }

    public void clear() {
        size = 0;
    }

    /** Drops what comes after the first {@code newSize} values. */
    public void truncate(int newSize) {
        size = Math.min(size, newSize);
    }

    /** The array behind the list: only the first {@link #size()} values count, and an add may replace it. */
    public int[] array() {
        return values;
    }

    public int[] toArray() {
        return Arrays.copyOf(values, size);
    }

    @Override
    public String toString() {
        return Arrays.toString(toArray());
    }
}
