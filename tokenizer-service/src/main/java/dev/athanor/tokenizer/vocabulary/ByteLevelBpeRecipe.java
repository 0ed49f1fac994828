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

/** Byte-level BPE as GPT-2 has it: the whole byte alphabet, so every text can be encoded and decoded without loss. */
final class ByteLevelBpeRecipe implements Recipe {

    private static final ByteLevel PIECES = new ByteLevel(false, true, true);

    @Override
    public String algorithm() {
        return "byte-level-bpe";
    }

    @Override
    public WordCounter counter(TrainTokenizerSpec spec) {
        return new WordCounter(null, PIECES);
    }

    @Override
    public Trained train(WordCounts counts, TrainTokenizerSpec spec) {
        var trainer = new BpeTrainer(TrainerOptions.bpe(spec.vocabularySize())
                .withMinFrequency(spec.minFrequency())
                .withSpecialTokens(spec.specialTokens())
                .withByteAlphabet());
        Bpe model = trainer.train(counts);
        return new Trained(
                TokenizerSpec.of(PIECES, model, new ByteLevelDecoder(true, true, true))
                        .withAddedTokens(trainer.specialTokens()),
                trainer.symbolsRead());
    }
}
