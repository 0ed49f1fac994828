package dev.athanor.tokenizers.shards;

import dev.athanor.tokenizers.IntList;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Writes a token shard, document by document. The file appears under its name when {@link #finish} has written all of it; closing
 * without finishing leaves nothing. The same documents give the same bytes. Not thread-safe.
 */
public final class TokenShardWriter implements AutoCloseable {

    private final Path file;
    private final Path temporary;
    private final FileChannel channel;
    private final int vocabSize;
    private final int idBytes;
    private final byte[] fingerprint;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 18).order(ByteOrder.LITTLE_ENDIAN);
    private final CRC32C checksum = new CRC32C();
    private long[] starts = new long[1 << 10];
    private int documents;
    private long tokens;
    private boolean finished;

    /** @param vocabSize ids must be below it; up to 65,536 they take 16 bits, else 32 */
    public TokenShardWriter(Path file, int vocabSize) throws IOException {
        this(file, vocabSize, new byte[TokenShardFormat.FINGERPRINT_BYTES]);
    }

    /** @param tokenizerFingerprint SHA-256 of the tokenizer.json that made the ids */
    public TokenShardWriter(Path file, int vocabSize, byte[] tokenizerFingerprint) throws IOException {
        if (vocabSize < 1) {
            throw new IllegalArgumentException("vocabSize: " + vocabSize + ", expected 1 or more");
        }
        if (tokenizerFingerprint.length != TokenShardFormat.FINGERPRINT_BYTES) {
            throw new IllegalArgumentException(
                    "tokenizerFingerprint: " + tokenizerFingerprint.length + " bytes, expected 32");
        }
        this.file = file;
        this.vocabSize = vocabSize;
        this.fingerprint = tokenizerFingerprint.clone();
        idBytes = vocabSize <= 1 << 16 ? Short.BYTES : Integer.BYTES;
        temporary = file.resolveSibling(file.getFileName() + ".part");
        channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        channel.position(TokenShardFormat.HEADER);
    }

    /** Adds a document, which may be empty. */
    public void addDocument(IntList ids) throws IOException {
        addDocument(ids.array(), 0, ids.size());
    }

    public void addDocument(int[] ids, int from, int to) throws IOException {
        if (documents + 1 >= starts.length) {
            starts = Arrays.copyOf(starts, starts.length * 2);
        }
        for (int i = from; i < to; i++) {
            int id = ids[i];
            if (id < 0 || id >= vocabSize) {
                throw new IllegalArgumentException("document " + documents + ": id " + id + " at token " + (i - from)
                        + ", expected 0 to " + (vocabSize - 1));
            }
            if (buffer.remaining() < Integer.BYTES) {
                flush();
            }
            if (idBytes == Short.BYTES) {
                buffer.putShort((short) id);
            } else {
                buffer.putInt(id);
            }
        }
        tokens += to - from;
        starts[++documents] = tokens;
    }

    public long tokens() {
        return tokens;
    }

    public int documents() {
        return documents;
    }

    /** Writes index and header, and gives the file its name. */
    public void finish() throws IOException {
        if (finished) {
            return;
        }
        long dataBytes = tokens * idBytes;
        for (long p = dataBytes; p < TokenShardFormat.padded(dataBytes); p++) {
            putByte((byte) 0);
        }
        for (int i = 0; i <= documents; i++) {
            if (buffer.remaining() < Long.BYTES) {
                flush();
            }
            buffer.putLong(starts[i]);
        }
        flush();
        ByteBuffer header = ByteBuffer.allocate(TokenShardFormat.HEADER).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(0, TokenShardFormat.MAGIC)
                .putInt(TokenShardFormat.AT_VERSION, TokenShardFormat.VERSION)
                .putInt(TokenShardFormat.AT_ID_BYTES, idBytes)
                .putInt(TokenShardFormat.AT_VOCAB_SIZE, vocabSize)
                .putLong(TokenShardFormat.AT_TOKENS, tokens)
                .putLong(TokenShardFormat.AT_DOCUMENTS, documents)
                .putLong(TokenShardFormat.AT_INDEX, TokenShardFormat.HEADER + TokenShardFormat.padded(dataBytes))
                .putLong(TokenShardFormat.AT_CHECKSUM, checksum.getValue())
                .put(TokenShardFormat.AT_FINGERPRINT, fingerprint);
        channel.position(0);
        writeFully(header);
        channel.force(true);
        channel.close();
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        finished = true;
    }

    @Override
    public void close() throws IOException {
        if (!finished) {
            channel.close();
            Files.deleteIfExists(temporary);
        }
    }

    private void putByte(byte b) throws IOException {
        if (!buffer.hasRemaining()) {
            flush();
        }
        buffer.put(b);
    }

    private void flush() throws IOException {
        buffer.flip();
        checksum.update(buffer.duplicate());
        writeFully(buffer);
        buffer.clear();
    }

    private void writeFully(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
