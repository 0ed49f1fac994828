package dev.athanor.tokenizer.vocabulary;

import dev.athanor.contracts.spec.TrainTokenizerSpec;
import dev.athanor.tokenizers.AddedToken;
import dev.athanor.tokenizers.TextPattern;
import dev.athanor.tokenizers.TokenizerSpec;
import dev.athanor.tokenizers.decoders.ByteFallbackDecoder;
import dev.athanor.tokenizers.decoders.DecoderSequence;
import dev.athanor.tokenizers.decoders.FuseDecoder;
import dev.athanor.tokenizers.decoders.ReplaceDecoder;
import dev.athanor.tokenizers.decoders.StripDecoder;
import dev.athanor.tokenizers.models.Bpe;
import dev.athanor.tokenizers.pretokenizers.Metaspace;
import dev.athanor.tokenizers.pretokenizers.Metaspace.PrependScheme;
import dev.athanor.tokenizers.training.BpeTrainer;
import dev.athanor.tokenizers.training.TrainerOptions;
import dev.athanor.tokenizers.training.WordCounter;
import dev.athanor.tokenizers.training.WordCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * BPE over characters as Llama 2 has it: blanks written as U+2581 in front of words, and for rare characters the tokens {@code <0x00>}
 * to {@code <0xFF>} of their bytes. The alphabet is as many of the most frequent characters as make up 99.95% of the text, which is
 * SentencePiece's default coverage.
 */
final class ByteFallbackBpeRecipe implements Recipe {

    private static final int MARK = 0x2581;
    private static final double COVERAGE = 0.9995;
    private static final Metaspace WORDS = new Metaspace(MARK, PrependScheme.ALWAYS, true);

    @Override
    public String algorithm() {
        return "byte-fallback-bpe";
    }

    @Override
    public WordCounter counter(TrainTokenizerSpec spec) {
        return new WordCounter(null, WORDS);
    }

    @Override
    public Trained train(WordCounts counts, TrainTokenizerSpec spec) {
        List<String> special = UnknownToken.among(spec.specialTokens());
        List<String> first = new ArrayList<>(special);
        IntStream.range(0, 256).forEach(b -> first.add(String.format(Locale.ROOT, "<0x%02X>", b)));
        var trainer = new BpeTrainer(TrainerOptions.bpe(spec.vocabularySize())
                .withMinFrequency(spec.minFrequency())
                .withSpecialTokens(first)
                .withLimitAlphabet(CharacterCounts.of(counts).covering(COVERAGE)));
        Bpe trained = trainer.train(counts);
        Bpe model = new Bpe(
                trained.vocabulary(),
                trained.merges(),
                new Bpe.Options(null, UnknownToken.NAME, null, null, true, true, false));
        List<AddedToken> added = IntStream.range(0, special.size())
                .mapToObj(id -> AddedToken.special(id, special.get(id)))
                .toList();
        var decoder = new DecoderSequence(List.of(
                new ReplaceDecoder(TextPattern.string(Character.toString(MARK)), " "),
                new ByteFallbackDecoder(),
                new FuseDecoder(),
                new StripDecoder(' ', 1, 0)));
        return new Trained(TokenizerSpec.of(WORDS, model, decoder).withAddedTokens(added), trainer.symbolsRead());
    }
}
