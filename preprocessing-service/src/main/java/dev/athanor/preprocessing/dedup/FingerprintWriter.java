package dev.athanor.preprocessing.dedup;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Gathers the fingerprints of one shard's documents and writes them sorted, as {@link FingerprintFile} reads them. Beyond a
 * bound they are spilled to sorted runs on disk, which are merged in the end.
 */
public final class FingerprintWriter {

    /** About 100 MB while a run is sorted. */
    private static final int RUN = 2_000_000;

    private final Path folder;
    private final String name;
    private final int run;
    private final List<Path> runs = new ArrayList<>();
    private long[] highs = new long[1024];
    private long[] lows = new long[1024];
    private int[] documents = new int[1024];
    private int size;

    /** @param name of temporary files in the folder */
    public FingerprintWriter(Path folder, String name) {
        this(folder, name, RUN);
    }

    FingerprintWriter(Path folder, String name, int run) {
        this.folder = folder;
        this.name = name;
        this.run = run;
    }

    /** @throws UncheckedIOException when a run cannot be written */
    public void add(Fingerprint fingerprint, int document) {
        if (size == run) {
            spill();
        }
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
        if (runs.isEmpty()) {
            writeRun(file);
            return;
        }
        spill();
        var opened = new ArrayList<FingerprintFile>();
        try {
            for (Path path : runs) {
                opened.add(new FingerprintFile(path));
            }
            merge(opened, file);
        } finally {
            opened.forEach(FingerprintFile::close);
            for (Path path : runs) {
                Files.deleteIfExists(path);
            }
        }
    }

    private record Head(Fingerprint fingerprint, int document, int file, long record) implements Comparable<Head> {
        @Override
        public int compareTo(Head other) {
            int byFingerprint = fingerprint.compareTo(other.fingerprint);
            return byFingerprint != 0 ? byFingerprint : Integer.compare(document, other.document);
        }
    }

    private static void merge(List<FingerprintFile> files, Path to) throws IOException {
        var heads = new PriorityQueue<Head>();
        for (int i = 0; i < files.size(); i++) {
            push(heads, files, i, 0);
        }
        try (var out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(to), 1 << 16))) {
            for (Head head = heads.poll(); head != null; head = heads.poll()) {
                write(out, head.fingerprint.high(), head.fingerprint.low(), head.document);
                push(heads, files, head.file, head.record + 1);
            }
        }
    }

    private static void push(PriorityQueue<Head> heads, List<FingerprintFile> files, int file, long record) {
        FingerprintFile from = files.get(file);
        if (record < from.size()) {
            heads.add(new Head(from.fingerprint(record), from.document(record), file, record));
        }
    }

    private void spill() {
        try {
            Path file = folder.resolve("%s.run-%05d".formatted(name, runs.size()));
            writeRun(file);
            runs.add(file);
            size = 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writeRun(Path file) throws IOException {
        try (var out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16))) {
            for (int record : order()) {
                write(out, highs[record], lows[record], documents[record]);
            }
        }
    }

    private static void write(DataOutputStream out, long high, long low, int document) throws IOException {
        out.writeLong(high);
        out.writeLong(low);
        out.writeInt(document);
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
        }
        for (int from = 0; from < size; ) {
            int to = from + 1;
            while (to < size && keys[to] >>> 32 == keys[from] >>> 32) {
                to++;
            }
            if (to - from > 1) {
                settle(order, from, to);
            }
            from = to;
        }
        return order;
    }

    /** A run of equal upper halves, which equal lines and windows make long. */
    private void settle(int[] order, int from, int to) {
        Integer[] ties = new Integer[to - from];
        for (int i = from; i < to; i++) {
            ties[i - from] = order[i];
        }
        Arrays.sort(ties, this::compare);
        for (int i = from; i < to; i++) {
            order[i] = ties[i - from];
        }
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
