package dev.athanor.preprocessing.dedup;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Connected components of matches by union-find; the smallest position stands for its cluster. The forest is in a mapped file, 8 bytes a
 * document, so the heap holds none of it; what is never matched is a hole in the file.
 */
public final class Clusters implements AutoCloseable {

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    private final Arena arena = Arena.ofConfined();
    /** By number of a document: the number of its parent and 1, or 0 for a root. */
    private final MemorySegment parents;

    private final long[] firstOfShard;

    /**
     * @param file to be made, for as long as this is open
     * @param documents of each shard
     */
    public Clusters(Path file, int[] documents) throws IOException {
        firstOfShard = new long[documents.length + 1];
        for (int shard = 0; shard < documents.length; shard++) {
            firstOfShard[shard + 1] = firstOfShard[shard] + documents[shard];
        }
        try (FileChannel channel = FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.SPARSE)) {
            parents =
                    channel.map(FileChannel.MapMode.READ_WRITE, 0, firstOfShard[documents.length] * Long.BYTES, arena);
        }
    }

    /** @throws IndexOutOfBoundsException for a document that its shard does not have */
    public void join(Position a, Position b) {
        long first = root(number(a));
        long second = root(number(b));
        // Numbers are in the order of positions.
        if (first < second) {
            parents.setAtIndex(LONG, second, first + 1);
        } else if (first > second) {
            parents.setAtIndex(LONG, first, second + 1);
        }
    }

    private long number(Position position) {
        long number = firstOfShard[position.shard()] + position.document();
        if (number >= firstOfShard[position.shard() + 1]) {
            throw new IndexOutOfBoundsException(position + ": its shard is smaller");
        }
        return number;
    }

    private long root(long number) {
        long at = number;
        for (long above = parents.getAtIndex(LONG, at); above != 0; above = parents.getAtIndex(LONG, at)) {
            // Path halving keeps the paths short.
            long top = parents.getAtIndex(LONG, above - 1);
            if (top != 0) {
                parents.setAtIndex(LONG, at, top);
            }
            at = above - 1;
        }
        return at;
    }

    /** All positions but the smallest of each cluster, in order. */
    public void others(PositionWriter to) throws IOException {
        for (int shard = 0; shard + 1 < firstOfShard.length; shard++) {
            for (long number = firstOfShard[shard]; number < firstOfShard[shard + 1]; number++) {
                if (parents.getAtIndex(LONG, number) != 0) {
                    to.write(new Position(shard, (int) (number - firstOfShard[shard])));
                }
            }
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
