package dev.athanor.tokenizer.vocabulary;

import dev.athanor.contracts.spec.TrainTokenizerSpec;
import dev.athanor.tokenizers.decoders.FuseDecoder;
import dev.athanor.tokenizers.pretokenizers.FixedLength;
import dev.athanor.tokenizers.training.WordCounter;
import dev.athanor.tokenizers.training.WordCounts;

/** Single characters (code points), blanks too. */
final class CharacterRecipe implements Recipe {

    private static final FixedLength CHARACTERS = new FixedLength(1);

    @Override
    public String algorithm() {
        return "character";
    }

    @Override
    public WordCounter counter(TrainTokenizerSpec spec) {
        return new WordCounter(null, CHARACTERS);
    }

    @Override
    public Trained train(WordCounts counts, TrainTokenizerSpec spec) {
        return WholePieces.train(counts, spec, CHARACTERS, new FuseDecoder());
    }
}
