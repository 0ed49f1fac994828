package dev.athanor.tokenizer.vocabulary;

import dev.athanor.contracts.spec.TrainTokenizerSpec;
import dev.athanor.tokenizers.TokenizerSpec;
import dev.athanor.tokenizers.decoders.WordPieceDecoder;
import dev.athanor.tokenizers.models.WordPiece;
import dev.athanor.tokenizers.normalizers.BertNormalizer;
import dev.athanor.tokenizers.pretokenizers.BertPreTokenizer;
import dev.athanor.tokenizers.training.TrainerOptions;
import dev.athanor.tokenizers.training.WordCounter;
import dev.athanor.tokenizers.training.WordCounts;
import dev.athanor.tokenizers.training.WordPieceTrainer;

/** WordPiece as BERT uncased has it: lower case without accents, words cut at white space and punctuation. */
final class WordPieceRecipe implements Recipe {

    private static final BertNormalizer NORMALIZER = new BertNormalizer(true, true, null, true);
    private static final BertPreTokenizer WORDS = new BertPreTokenizer();

    @Override
    public String algorithm() {
        return "wordpiece";
    }

    @Override
    public WordCounter counter(TrainTokenizerSpec spec) {
        return new WordCounter(NORMALIZER, WORDS);
    }

    @Override
    public Trained train(WordCounts counts, TrainTokenizerSpec spec) {
        var trainer = new WordPieceTrainer(
                TrainerOptions.wordPiece(spec.vocabularySize())
                        .withMinFrequency(spec.minFrequency())
                        .withSpecialTokens(UnknownToken.among(spec.specialTokens())),
                UnknownToken.NAME);
        WordPiece model = trainer.train(counts);
        return new Trained(
                new TokenizerSpec(
                        null,
                        null,
                        trainer.specialTokens(),
                        NORMALIZER,
                        WORDS,
                        null,
                        new WordPieceDecoder("##", true),
                        model),
                trainer.symbolsRead());
    }
}
