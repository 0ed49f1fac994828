package dev.athanor.tokenizers.packing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Packs documents into sequences of a fixed length: each part goes into the first sequence with room. Documents longer than a
 * sequence are cut. A tree over the sequences finds the first with room in logarithmic time; the result depends on nothing but the
 * lengths and their order.
 */
public final class FirstFit {

    /** A stretch of a document: tokens {@code from} to {@code to} of it. */
    public record Part(int document, int from, int to) {

        public int length() {
            return to - from;
        }
    }

    private final int capacity;
    /** A complete binary tree: the most room of any sequence below each node. */
    private int[] room;

    private int leaves = 1;
    private final List<List<Part>> sequences = new ArrayList<>();

    private FirstFit(int capacity) {
        this.capacity = capacity;
        room = new int[] {0, capacity};
    }

    /**
     * @param lengths tokens of each document
     * @param capacity tokens of a sequence
     * @return the parts of each sequence, in the order that they lie in it
     */
    public static List<List<Part>> pack(int[] lengths, int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity: " + capacity + ", expected 1 or more");
        }
        FirstFit packer = new FirstFit(capacity);
        for (int document = 0; document < lengths.length; document++) {
            for (int from = 0; from < lengths[document]; from += capacity) {
                packer.put(new Part(document, from, Math.min(lengths[document], from + capacity)));
            }
        }
        return packer.sequences.stream().map(List::copyOf).toList();
    }

    private void put(Part part) {
        if (room[1] < part.length()) {
            grow();
        }
        int node = 1;
        while (node < leaves) {
            node = room[2 * node] >= part.length() ? 2 * node : 2 * node + 1;
        }
        int sequence = node - leaves;
        while (sequences.size() <= sequence) {
            sequences.add(new ArrayList<>());
        }
        sequences.get(sequence).add(part);
        room[node] -= part.length();
        for (node /= 2; node >= 1; node /= 2) {
            room[node] = Math.max(room[2 * node], room[2 * node + 1]);
        }
    }

    private void grow() {
        int[] old = room;
        int oldLeaves = leaves;
        leaves *= 2;
        room = new int[2 * leaves];
        Arrays.fill(room, leaves, 2 * leaves, capacity);
        System.arraycopy(old, oldLeaves, room, leaves, oldLeaves);
        for (int node = leaves - 1; node >= 1; node--) {
            room[node] = Math.max(room[2 * node], room[2 * node + 1]);
        }
    }
}
