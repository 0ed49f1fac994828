package dev.athanor.tokenizers.shards;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The layout of a token shard, little-endian:
 *
 * <pre>
 *   0  magic "ATHTOKEN"        8 bytes
 *   8  version                 int, 1
 *  12  bytes per id            int, 2 or 4
 *  16  vocabulary size         int, ids are below it
 *  20  reserved                int, 0
 *  24  tokens                  long
 *  32  documents               long
 *  40  position of the index   long, a multiple of 8
 *  48  CRC-32C                 long, of everything from 128 on
 *  56  reserved                8 bytes, 0
 *  64  tokenizer fingerprint   32 bytes, SHA-256 of the tokenizer.json, or 0
 *  96  reserved                32 bytes, 0
 * 128  ids, one document after the other, padded with 0 to a multiple of 8 bytes
 *      index: documents + 1 longs, the token position where each document starts, and the number of tokens
 * </pre>
 */
final class TokenShardFormat {

    static final long MAGIC = 0x4E454B4F54485441L;
    static final int VERSION = 1;
    static final int HEADER = 128;

    static final int AT_VERSION = 8;
    static final int AT_ID_BYTES = 12;
    static final int AT_VOCAB_SIZE = 16;
    static final int AT_TOKENS = 24;
    static final int AT_DOCUMENTS = 32;
    static final int AT_INDEX = 40;
    static final int AT_CHECKSUM = 48;
    static final int AT_FINGERPRINT = 64;
    static final int FINGERPRINT_BYTES = 32;

    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private TokenShardFormat() {}

    static long padded(long bytes) {
        return (bytes + 7) / 8 * 8;
    }
}
