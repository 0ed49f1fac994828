package dev.athanor.artifacts.shards;

import com.github.luben.zstd.ZstdOutputStream;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.json.Json;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Writes records as JSON lines (UTF-8, one object a line, {@code \n}) into one zstd frame. Equal records in equal order
 * give equal bytes. Not for several threads.
 *
 * @param <T> record type
 */
public abstract class ShardWriter<T extends Record> implements AutoCloseable {

    /** Longest line in bytes that is written or read. */
    public static final int MAX_LINE = 64 << 20;

    private static final int LEVEL = 3;
    /** That compress a large shard beside the one that writes it; the bytes are the same for any number of them but none. */
    private static final int THREADS = 2;
    /** Bytes that one of them takes at once; as many as usual would leave them waiting for the reader, and it for them. */
    private static final int JOB = 2 << 20;
    /** For files that are soon read again and then thrown away. */
    static final int QUICK_LEVEL = 1;

    private final OutputStream out;
    private long records;
    private long jsonBytes;
    private @Nullable Path file;

    ShardWriter(OutputStream to) throws IOException {
        this(to, LEVEL);
    }

    private ShardWriter(OutputStream to, int level) throws IOException {
        var zstd = new ZstdOutputStream(to, level).setChecksum(true).setCloseFrameOnFlush(false);
        if (level != QUICK_LEVEL) {
            zstd.setWorkers(THREADS).setJobSize(JOB);
        }
        this.out = new BufferedOutputStream(zstd, 1 << 16);
    }

    /** @param file must not exist yet */
    ShardWriter(Path file) throws IOException {
        this(file, LEVEL);
    }

    ShardWriter(Path file, int level) throws IOException {
        this(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), level);
        this.file = file;
    }

    /** @throws AthanorException PAYLOAD_TOO_LARGE when the record's line would be longer than {@link #MAX_LINE} */
    public void write(T item) throws IOException {
        byte[] line = Json.MAPPER.writeValueAsBytes(item);
        if (line.length > MAX_LINE) {
            throw new AthanorException(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "record " + (records + 1) + ": expected at most " + MAX_LINE + " bytes of JSON, got "
                            + line.length);
        }
        write(line, line.length);
    }

    private void write(byte[] line, int length) throws IOException {
        out.write(line, 0, length);
        out.write('\n');
        records++;
        jsonBytes += length + 1;
    }

    /** Writes the line that the reader is at as it is, which is what {@link #write} would make of its record. */
    public void copy(ShardReader<T> from) throws IOException {
        write(from.line(), from.lineLength());
    }

    public long records() {
        return records;
    }

    /** Bytes of JSON written so far, before compression; what shard sizes are measured in. */
    public long jsonBytes() {
        return jsonBytes;
    }

    /** The file that is written, where one was given. */
    public @Nullable Path file() {
        return file;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
