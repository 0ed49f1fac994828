package dev.athanor.tokenizer.vocabulary;

import dev.athanor.contracts.spec.TrainTokenizerSpec;
import dev.athanor.tokenizers.AddedToken;
import dev.athanor.tokenizers.TokenizerSpec;
import dev.athanor.tokenizers.decoders.MetaspaceDecoder;
import dev.athanor.tokenizers.models.Unigram;
import dev.athanor.tokenizers.normalizers.UnicodeNormalizer;
import dev.athanor.tokenizers.pretokenizers.Metaspace;
import dev.athanor.tokenizers.pretokenizers.Metaspace.PrependScheme;
import dev.athanor.tokenizers.training.UnigramOptions;
import dev.athanor.tokenizers.training.UnigramTrainer;
import dev.athanor.tokenizers.training.WordCounter;
import dev.athanor.tokenizers.training.WordCounts;
import java.text.Normalizer.Form;
import java.util.List;
import java.util.stream.IntStream;

/** Unigram as SentencePiece has it: NFKC, and blanks written as U+2581 in front of words. */
final class UnigramRecipe implements Recipe {

    private static final int MARK = 0x2581;
    private static final UnicodeNormalizer NORMALIZER = new UnicodeNormalizer(Form.NFKC);
    private static final Metaspace WORDS = new Metaspace(MARK, PrependScheme.ALWAYS, true);

    @Override
    public String algorithm() {
        return "unigram";
    }

    @Override
    public WordCounter counter(TrainTokenizerSpec spec) {
        return new WordCounter(NORMALIZER, WORDS);
    }

    @Override
    public Trained train(WordCounts counts, TrainTokenizerSpec spec) {
        List<String> special = UnknownToken.among(spec.specialTokens());
        var trainer = new UnigramTrainer(
                UnigramOptions.of(spec.vocabularySize()).withSpecialTokens(special, UnknownToken.NAME));
        Unigram model = trainer.train(counts);
        List<AddedToken> added = IntStream.range(0, special.size())
                .mapToObj(id -> AddedToken.special(id, special.get(id)))
                .toList();
        return new Trained(
                new TokenizerSpec(
                        null,
                        null,
                        added,
                        NORMALIZER,
                        WORDS,
                        null,
                        new MetaspaceDecoder(MARK, PrependScheme.ALWAYS, true),
                        model),
                trainer.symbolsRead());
    }
}
