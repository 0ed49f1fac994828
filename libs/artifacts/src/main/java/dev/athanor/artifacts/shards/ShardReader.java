package dev.athanor.artifacts.shards;

import com.github.luben.zstd.ZstdInputStream;
import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.artifact.BlobRef;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Reads what {@link ShardWriter} wrote, in order, a line at a time. May be iterated once; an {@link IOException} comes as
 * {@link UncheckedIOException}, a bad line as {@link AthanorException} ARTIFACT_CORRUPT with its number.
 *
 * @param <T> record type
 */
public abstract class ShardReader<T extends Record> implements Iterable<T>, AutoCloseable {

    private final Class<T> type;
    private final InputStream in;
    private final byte[] chunk = new byte[1 << 16];
    private int chunkAt;
    private int chunkEnd;
    private byte[] line = new byte[1 << 12];
    private int lineLength;
    private long lines;

    ShardReader(Class<T> type, InputStream from) throws IOException {
        this.type = type;
        this.in = new ZstdInputStream(from);
    }

    ShardReader(Class<T> type, ArtifactStore store, BlobRef shard) throws IOException {
        this(type, store.open(shard));
    }

    @Override
    public Iterator<T> iterator() {
        return new Iterator<>() {
            private @Nullable T next = read();

            @Override
            public boolean hasNext() {
                return next != null;
            }

            @Override
            public T next() {
                T current = next;
                if (current == null) {
                    throw new NoSuchElementException("after line " + lines);
                }
                next = read();
                return current;
            }
        };
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private @Nullable T read() {
        try {
            return nextLine() ? record() : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Goes to the next line without reading its record; for those who only pass lines on. False at the end. */
    public boolean nextLine() throws IOException {
        lineLength = readLine();
        lines += lineLength < 0 ? 0 : 1;
        return lineLength >= 0;
    }

    /** The record in the line that {@link #nextLine} went to. */
    public T record() {
        try {
            return Json.MAPPER.readValue(line, 0, lineLength, type);
        } catch (JacksonException e) {
            throw corrupt(lines, "not a " + type.getSimpleName() + ": " + e.getOriginalMessage(), e);
        }
    }

    byte[] line() {
        return line;
    }

    int lineLength() {
        return lineLength;
    }

    /** Length of the next line, now at the start of {@code line}; -1 at the end. */
    private int readLine() throws IOException {
        int length = 0;
        while (true) {
            if (chunkAt == chunkEnd) {
                chunkAt = 0;
                chunkEnd = Math.max(0, in.read(chunk));
                if (chunkEnd == 0) {
                    if (length == 0) {
                        return -1;
                    }
                    throw corrupt(lines + 1, "the last line has no end", null);
                }
            }
            int end = chunkAt;
            while (end < chunkEnd && chunk[end] != '\n') {
                end++;
            }
            int taken = end - chunkAt;
            if (length + taken > ShardWriter.MAX_LINE) {
                throw corrupt(lines + 1, "longer than " + ShardWriter.MAX_LINE + " bytes", null);
            }
            if (length + taken > line.length) {
                line = Arrays.copyOf(line, Math.max(length + taken, 2 * line.length));
            }
            System.arraycopy(chunk, chunkAt, line, length, taken);
            length += taken;
            chunkAt = end + (end < chunkEnd ? 1 : 0);
            if (end < chunkEnd) {
                return length;
            }
        }
    }

    private static AthanorException corrupt(long number, String what, @Nullable Throwable cause) {
        return new AthanorException(ErrorCode.ARTIFACT_CORRUPT, "shard line " + number + ": " + what, cause);
    }
}
