package dev.athanor.tokenizers.training;

import dev.athanor.tokenizers.AddedToken;
import dev.athanor.tokenizers.models.Bpe;
import dev.athanor.tokenizers.models.WordPiece;
import java.util.List;

/**
 * Learns a WordPiece vocabulary as the Hugging Face trainer does: that of BPE with a prefix in front of all but the first symbol
 * of a word.
 */
public final class WordPieceTrainer {

    private final String unkToken;
    private final BpeTrainer bpe;
    private final TrainerOptions options;

    /** @param options with {@link TrainerOptions#wordPiece} as a start */
    public WordPieceTrainer(TrainerOptions options, String unkToken) {
        this.options = options;
        this.unkToken = unkToken;
        bpe = new BpeTrainer(options);
    }

    public WordPiece train(WordCounts counts) {
        Bpe trained = bpe.train(counts);
        return new WordPiece(trained.vocabulary(), unkToken, options.continuingSubwordPrefix(), 100);
    }

    /** Symbols that the last training read. */
    public long symbolsRead() {
        return bpe.symbolsRead();
    }

    /** The special tokens with the ids that training gives them. */
    public List<AddedToken> specialTokens() {
        return bpe.specialTokens();
    }
}
