package dev.athanor.tokenizers.models;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.Vocabulary;

/** Each piece is a token of the vocabulary or the unknown token. */
public record WordLevel(Vocabulary vocabulary, String unkToken) implements Model {

    @Override
    public void tokenize(AlignedText piece, TokenSink out) {
        if (piece.isEmpty()) {
            return;
        }
        int id = vocabulary.id(piece.toString());
        if (id == Vocabulary.ABSENT) {
            id = vocabulary.id(unkToken);
        }
        if (id == Vocabulary.ABSENT) {
            throw new IllegalStateException("WordLevel: \"" + piece
                    + "\" is not in the vocabulary, nor is the unknown token \"" + unkToken + "\"");
        }
        out.token(id, 0, piece.length());
    }
}
