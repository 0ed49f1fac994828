package dev.athanor.tokenizers.internal;

/** Cuts UTF-8 text into the pieces of a pre-tokenizing pattern, without a regular expression engine. Stateless. */
public interface PieceScanner {

    /** The end of the piece that starts at {@code from}, where {@code from < end}: more than {@code from}, at most {@code end}. */
    int next(byte[] utf8, int from, int end);
}
