package dev.athanor.tokenizers.internal;

import java.util.Arrays;

/**
 * Tokens by their bytes: a trie whose edges are in one open-addressed hash table, (node, byte) to node, with the root's children
 * in an array. Add first, then read from any number of threads.
 */
public final class ByteTrie {

    /** No such node, or no value at a node. */
    public static final int NONE = -1;

    private final int[] rootChildren = new int[256];
    private long[] edges = new long[1 << 10];
    private int edgeCount;
    private int[] values = new int[256];
    private int nodes = 1;

    public ByteTrie() {
        Arrays.fill(rootChildren, NONE);
        Arrays.fill(values, NONE);
    }

    /** Files a value, 0 or more; the later of equal keys counts. */
    public void put(byte[] key, int value) {
        int node = 0;
        for (byte b : key) {
            int child = child(node, b & 0xFF);
            node = child == NONE ? addChild(node, b & 0xFF) : child;
        }
        values[node] = value;
    }

    /** The node that the byte leads to from {@code node} (0 is the root), or {@link #NONE}. */
    public int child(int node, int unsignedByte) {
        if (node == 0) {
            return rootChildren[unsignedByte];
        }
        int key = node << 8 | unsignedByte;
        int mask = edges.length - 1;
        for (int slot = slot(key, mask); ; slot = (slot + 1) & mask) {
            long edge = edges[slot];
            if (edge == 0) {
                return NONE;
            }
            if ((int) (edge >>> 32) == key) {
                return (int) edge;
            }
        }
    }

    /** The value at the node, or {@link #NONE}. */
    public int value(int node) {
        return values[node];
    }

    /** The value of exactly these bytes, or {@link #NONE}. */
    public int find(byte[] bytes, int from, int to) {
        int node = 0;
        for (int p = from; p < to && node != NONE; p++) {
            node = child(node, bytes[p] & 0xFF);
        }
        return node == NONE ? NONE : values[node];
    }

    private int addChild(int node, int unsignedByte) {
        int child = nodes++;
        if (child >= 1 << 23) {
            throw new IllegalArgumentException("vocabulary: more than " + (1 << 23) + " trie nodes");
        }
        if (child == values.length) {
            values = Arrays.copyOf(values, child * 2);
            Arrays.fill(values, child, child * 2, NONE);
        }
        if (node == 0) {
            rootChildren[unsignedByte] = child;
            return child;
        }
        if (++edgeCount * 2 > edges.length) {
            long[] old = edges;
            edges = new long[old.length * 2];
            for (long edge : old) {
                if (edge != 0) {
                    insert(edge);
                }
            }
        }
        insert((long) (node << 8 | unsignedByte) << 32 | child);
        return child;
    }

    private void insert(long edge) {
        int mask = edges.length - 1;
        int slot = slot((int) (edge >>> 32), mask);
        while (edges[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        edges[slot] = edge;
    }

    private static int slot(int key, int mask) {
        int h = key * 0x9E3779B9;
        return (h ^ h >>> 15) & mask;
    }
}
