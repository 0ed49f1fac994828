package dev.athanor.preprocessing.dedup;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The fingerprints of one shard's documents, sorted: 20 bytes each (two big-endian longs and the document's index in the
 * shard). Sorted files of all shards are merged without holding them in memory.
 */
public final class FingerprintFile implements AutoCloseable {

    private static final int RECORD = 20;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment records;

    public FingerprintFile(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            records = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        }
    }

    /** @param fingerprints in the order of the shard's documents */
    public static void write(Path file, List<Fingerprint> fingerprints) throws IOException {
        Integer[] order = new Integer[fingerprints.size()];
        java.util.Arrays.setAll(order, i -> i);
        java.util.Arrays.sort(order, (a, b) -> {
            int byValue = fingerprints.get(a).compareTo(fingerprints.get(b));
            return byValue != 0 ? byValue : Integer.compare(a, b);
        });
        try (var out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16))) {
            for (int index : order) {
                out.writeLong(fingerprints.get(index).high());
                out.writeLong(fingerprints.get(index).low());
                out.writeInt(index);
            }
        }
    }

    public long size() {
        return records.byteSize() / RECORD;
    }

    public Fingerprint fingerprint(long record) {
        return new Fingerprint(records.get(LONG, record * RECORD), records.get(LONG, record * RECORD + 8));
    }

    /** Index of the document in its shard. */
    public int document(long record) {
        return records.get(INT, record * RECORD + 16);
    }

    /** The first record whose fingerprint's highest 16 bits are at least this. */
    public long lowerBound(int bucket) {
        long low = 0;
        long high = size();
        while (low < high) {
            long middle = (low + high) >>> 1;
            if ((int) (records.get(LONG, middle * RECORD) >>> 48) < bucket) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    @Override
    public void close() {
        arena.close();
    }
}
