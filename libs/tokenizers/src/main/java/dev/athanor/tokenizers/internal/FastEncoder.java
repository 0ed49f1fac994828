package dev.athanor.tokenizers.internal;

import dev.athanor.tokenizers.IntList;

/**
 * Encodes text without added tokens straight from bytes to ids. It gives the ids that the plain path gives; a tokenizer has one
 * where its parts are of a known combination. Thread-safe: what changes is in the {@link Scratch}.
 */
public interface FastEncoder {

    /**
     * @param utf8 text with {@link PieceCache#PADDING} readable bytes behind {@code to}
     * @return whether the text was encoded; if not, nothing was added to {@code out} and the plain path has to be taken
     */
    boolean encode(byte[] utf8, int from, int to, Scratch scratch, IntList out);

    /**
     * The same with where the tokens come from.
     *
     * @param codePoint how many code points of the text lie in front of {@code from}
     * @return whether the text was encoded; if not, {@code out} holds nothing that counts
     */
    boolean encodeAligned(byte[] utf8, int from, int to, Scratch scratch, int codePoint, AlignedTokens out);

    /** Work space for one thread at a time. */
    Scratch newScratch();

    /** Buffers and caches that one encoding after the other uses. */
    class Scratch {

        private byte[] buffer = new byte[1 << 12];

        /** Where the pool keeps it, or {@link ScratchPool#NOWHERE}. */
        int slot = ScratchPool.NOWHERE;

        /** The buffer, with room for the bytes and the padding. */
        public byte[] buffer(int bytes) {
            if (buffer.length < bytes + PieceCache.PADDING) {
                buffer = new byte[bytes + (bytes >> 2) + PieceCache.PADDING];
            }
            return buffer;
        }

        /** Lets go of a buffer that one very long text made. */
        public void shrink() {
            if (buffer.length > 1 << 22) {
                buffer = new byte[1 << 12];
            }
        }
    }
}
