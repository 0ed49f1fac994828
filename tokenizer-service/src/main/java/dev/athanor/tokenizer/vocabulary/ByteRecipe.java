package dev.athanor.tokenizer.vocabulary;

import dev.athanor.contracts.spec.TrainTokenizerSpec;
import dev.athanor.tokenizers.TokenizerSpec;
import dev.athanor.tokenizers.decoders.ByteLevelDecoder;
import dev.athanor.tokenizers.models.Bpe;
import dev.athanor.tokenizers.pretokenizers.ByteLevel;
import dev.athanor.tokenizers.training.BpeTrainer;
import dev.athanor.tokenizers.training.TrainerOptions;
import dev.athanor.tokenizers.training.WordCounter;
import dev.athanor.tokenizers.training.WordCounts;

/** The 256 bytes and the special tokens: nothing is learnt. */
final class ByteRecipe implements Recipe {

    private static final int BYTES = 256;
    private static final ByteLevel PIECES = new ByteLevel(false, true, true);

    @Override
    public String algorithm() {
        return "byte";
    }

    @Override
    public WordCounter counter(TrainTokenizerSpec spec) {
        return new WordCounter(null, PIECES);
    }

    @Override
    public Trained train(WordCounts counts, TrainTokenizerSpec spec) {
        var trainer =
                new BpeTrainer(TrainerOptions.bpe(BYTES + spec.specialTokens().size())
                        .withSpecialTokens(spec.specialTokens())
                        .withByteAlphabet());
        Bpe model = trainer.train(new WordCounts());
        return new Trained(
                TokenizerSpec.of(PIECES, model, new ByteLevelDecoder(true, true, true))
                        .withAddedTokens(trainer.specialTokens()),
                0);
    }
}
