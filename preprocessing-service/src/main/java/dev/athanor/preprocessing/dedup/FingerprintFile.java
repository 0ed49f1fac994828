package dev.athanor.preprocessing.dedup;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The fingerprints of one shard's documents, sorted: 20 bytes each (two big-endian longs and the document's index in the
 * shard). A document may have several. Sorted files of all shards are merged without holding them in memory; a
 * {@link FingerprintWriter} writes them.
 */
public final class FingerprintFile implements AutoCloseable {

    static final int RECORD = 20;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment records;

    public FingerprintFile(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            records = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
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
