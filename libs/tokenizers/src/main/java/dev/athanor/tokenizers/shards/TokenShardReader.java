package dev.athanor.tokenizers.shards;

import static dev.athanor.tokenizers.shards.TokenShardFormat.INT;
import static dev.athanor.tokenizers.shards.TokenShardFormat.LONG;
import static dev.athanor.tokenizers.shards.TokenShardFormat.SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.zip.CRC32C;

/**
 * Reads a token shard through a memory map: opening reads it once to compare the checksum, and any number of threads may read at once.
 * Token positions count through the whole shard; documents lie one after the other.
 */
public final class TokenShardReader implements AutoCloseable {

    private final Path file;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment map;
    private final int idBytes;
    private final int vocabSize;
    private final long tokens;
    private final long documents;
    private final long index;

    /** @throws IOException if the file is no token shard, its header does not fit its size, or its bytes not its checksum */
    public TokenShardReader(Path file) throws IOException {
        this.file = file;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() < TokenShardFormat.HEADER) {
                throw new IOException(file + ": " + channel.size() + " bytes are too few for a token shard");
            }
            map = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            long magic = map.get(LONG, 0);
            int version = map.get(INT, TokenShardFormat.AT_VERSION);
            if (magic != TokenShardFormat.MAGIC || version != TokenShardFormat.VERSION) {
                throw new IOException(file + ": not a token shard of version " + TokenShardFormat.VERSION);
            }
            idBytes = map.get(INT, TokenShardFormat.AT_ID_BYTES);
            vocabSize = map.get(INT, TokenShardFormat.AT_VOCAB_SIZE);
            tokens = map.get(LONG, TokenShardFormat.AT_TOKENS);
            documents = map.get(LONG, TokenShardFormat.AT_DOCUMENTS);
            index = map.get(LONG, TokenShardFormat.AT_INDEX);
            checkSizes(channel.size());
            checkBytes();
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    private void checkSizes(long fileSize) throws IOException {
        boolean fits = (idBytes == Short.BYTES || idBytes == Integer.BYTES)
                && vocabSize > 0
                && tokens >= 0
                && documents >= 0
                && tokens <= fileSize
                && documents <= fileSize
                && index == TokenShardFormat.HEADER + TokenShardFormat.padded(tokens * idBytes)
                && fileSize == index + (documents + 1) * Long.BYTES
                && map.get(LONG, index) == 0
                && map.get(LONG, index + documents * Long.BYTES) == tokens;
        if (!fits) {
            throw new IOException(file + ": header and size do not agree: " + fileSize + " bytes, " + tokens
                    + " tokens of " + idBytes + " bytes, " + documents + " documents");
        }
    }

    /** Tokens of all documents. */
    public long tokens() {
        return tokens;
    }

    public long documents() {
        return documents;
    }

    /** Ids are below it. */
    public int vocabSize() {
        return vocabSize;
    }

    /** Bytes per id in the file: 2 or 4. */
    public int idBytes() {
        return idBytes;
    }

    /** SHA-256 of the tokenizer.json that made the ids; all 0 if the writer was not told. */
    public byte[] tokenizerFingerprint() {
        return map.asSlice(TokenShardFormat.AT_FINGERPRINT, TokenShardFormat.FINGERPRINT_BYTES)
                .toArray(ValueLayout.JAVA_BYTE);
    }

    /** The id at a token position. */
    public int id(long position) {
        Objects.checkIndex(position, tokens);
        long at = TokenShardFormat.HEADER + position * idBytes;
        return idBytes == Short.BYTES ? map.get(SHORT, at) & 0xFFFF : map.get(INT, at);
    }

    /** Copies ids from a token position on. */
    public void ids(long position, int[] target, int offset, int length) {
        Objects.checkFromIndexSize(position, length, tokens);
        Objects.checkFromIndexSize(offset, length, target.length);
        long at = TokenShardFormat.HEADER + position * idBytes;
        if (idBytes == Short.BYTES) {
            for (int i = 0; i < length; i++) {
                target[offset + i] = map.get(SHORT, at + 2L * i) & 0xFFFF;
            }
        } else {
            MemorySegment.copy(map, INT, at, target, offset, length);
        }
    }

    /** Copies ids from a token position on, as 64-bit integers: the type of index tensors. */
    public void ids(long position, long[] target, int offset, int length) {
        Objects.checkFromIndexSize(position, length, tokens);
        Objects.checkFromIndexSize(offset, length, target.length);
        long at = TokenShardFormat.HEADER + position * idBytes;
        for (int i = 0; i < length; i++) {
            target[offset + i] =
                    idBytes == Short.BYTES ? map.get(SHORT, at + 2L * i) & 0xFFFF : map.get(INT, at + 4L * i);
        }
    }

    /** Where a document starts; for the number of documents, the number of tokens. */
    public long documentStart(long document) {
        Objects.checkIndex(document, documents + 1);
        return map.get(LONG, index + document * Long.BYTES);
    }

    /** The ids of one document. */
    public int[] document(long document) {
        Objects.checkIndex(document, documents);
        long start = documentStart(document);
        int[] ids = new int[Math.toIntExact(documentStart(document + 1) - start)];
        ids(start, ids, 0, ids.length);
        return ids;
    }

    /** The document that a token position lies in. */
    public long documentAt(long position) {
        Objects.checkIndex(position, tokens);
        long low = 0;
        long high = documents - 1;
        while (low < high) {
            long middle = (low + high + 1) >>> 1;
            if (documentStart(middle) <= position) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private void checkBytes() throws IOException {
        CRC32C checksum = new CRC32C();
        long size = map.byteSize();
        for (long p = TokenShardFormat.HEADER; p < size; ) {
            long length = Math.min(1 << 24, size - p);
            ByteBuffer part = map.asSlice(p, length).asByteBuffer();
            checksum.update(part);
            p += length;
        }
        if (checksum.getValue() != map.get(LONG, TokenShardFormat.AT_CHECKSUM)) {
            throw new IOException(file + ": checksum does not agree, the file is damaged");
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
