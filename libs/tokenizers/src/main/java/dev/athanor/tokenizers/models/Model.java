package dev.athanor.tokenizers.models;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.Vocabulary;

/** Turns one pre-tokenized piece into tokens of its vocabulary. Immutable and thread-safe. */
public sealed interface Model permits Bpe, WordPiece, WordLevel, Unigram {

    Vocabulary vocabulary();

    /** Adds the piece's tokens, each with its range of code points of the piece. */
    void tokenize(AlignedText piece, TokenSink out);

    /** Takes tokens as a model makes them. */
    @FunctionalInterface
    interface TokenSink {

        /** @param from where the token starts in the piece, in code points; {@code to} where it ends */
        void token(int id, int from, int to);
    }
}
