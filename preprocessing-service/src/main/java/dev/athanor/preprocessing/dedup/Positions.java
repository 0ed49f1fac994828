package dev.athanor.preprocessing.dedup;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.BitSet;

/** Many {@link Position}s in primitive memory: 8 bytes each, in files as well (shard and index as big-endian ints). */
public final class Positions {

    private long[] values = new long[64];
    private int size;

    public void add(Position position) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
        }
        values[size++] = (long) position.shard() << 32 | position.document() & 0xFFFFFFFFL;
    }

    public int size() {
        return size;
    }

    /** Sorted, each once; gives their number. */
    public int write(Path file) throws IOException {
        Arrays.sort(values, 0, size);
        int written = 0;
        try (var out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16))) {
            for (int i = 0; i < size; i++) {
                if (i == 0 || values[i] != values[i - 1]) {
                    out.writeLong(values[i]);
                    written++;
                }
            }
        }
        return written;
    }

    /** Adds the indexes that a file has of one shard. */
    public static void read(Path file, int shard, BitSet indexes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() == 0) {
                return;
            }
            var records = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size())
                    .order(ByteOrder.BIG_ENDIAN)
                    .asLongBuffer();
            int low = 0;
            int high = records.limit();
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (records.get(middle) < (long) shard << 32) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            for (int i = low; i < records.limit() && records.get(i) >>> 32 == shard; i++) {
                indexes.set((int) records.get(i));
            }
        }
    }
}
