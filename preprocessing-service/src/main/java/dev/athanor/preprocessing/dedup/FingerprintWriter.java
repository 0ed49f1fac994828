package dev.athanor.preprocessing.dedup;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Gathers the fingerprints of one shard's documents and writes them sorted, as {@link FingerprintFile} reads them. */
public final class FingerprintWriter {

    private long[] highs = new long[1024];
    private long[] lows = new long[1024];
    private int[] documents = new int[1024];
    private int size;

    public void add(Fingerprint fingerprint, int document) {
        if (size == highs.length) {
            highs = Arrays.copyOf(highs, size * 2);
            lows = Arrays.copyOf(lows, size * 2);
            documents = Arrays.copyOf(documents, size * 2);
        }
        highs[size] = fingerprint.high();
        lows[size] = fingerprint.low();
        documents[size++] = document;
    }

    public void write(Path file) throws IOException {
        try (var out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16))) {
            for (int record : order()) {
                out.writeLong(highs[record]);
                out.writeLong(lows[record]);
                out.writeInt(documents[record]);
            }
        }
    }

    private int[] order() {
        // Sorting primitives by the upper half of the fingerprint is fast; the few ties are settled after.
        var keys = new long[size];
        for (int i = 0; i < size; i++) {
            keys[i] = (highs[i] ^ Long.MIN_VALUE) & 0xFFFFFFFF00000000L | i;
        }
        Arrays.sort(keys);
        var order = new int[size];
        for (int i = 0; i < size; i++) {
            order[i] = (int) keys[i];
            for (int j = i; j > 0 && compare(order[j - 1], order[j]) > 0; j--) {
                int swapped = order[j];
                order[j] = order[j - 1];
                order[j - 1] = swapped;
            }
        }
        return order;
    }

    private int compare(int a, int b) {
        int byHigh = Long.compareUnsigned(highs[a], highs[b]);
        if (byHigh != 0) {
            return byHigh;
        }
        int byLow = Long.compareUnsigned(lows[a], lows[b]);
        return byLow != 0 ? byLow : Integer.compare(documents[a], documents[b]);
    }
}
