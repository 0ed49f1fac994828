package dev.athanor.tokenizers.models;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.UnencodableTextException;
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
            throw new UnencodableTextException(
                    "model.vocab",
                    piece.toString(),
                    "a word of the vocabulary, as the unknown token '" + unkToken + "' is not one either");
        }
        out.token(id, 0, piece.length());
    }
}
