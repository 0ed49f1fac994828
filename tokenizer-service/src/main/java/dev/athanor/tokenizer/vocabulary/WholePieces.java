package dev.athanor.tokenizer.vocabulary;

import dev.athanor.contracts.spec.TrainTokenizerSpec;
import dev.athanor.tokenizers.AddedToken;
import dev.athanor.tokenizers.TokenizerSpec;
import dev.athanor.tokenizers.decoders.Decoder;
import dev.athanor.tokenizers.models.WordLevel;
import dev.athanor.tokenizers.pretokenizers.PreTokenizer;
import dev.athanor.tokenizers.training.TrainerOptions;
import dev.athanor.tokenizers.training.WordCounts;
import dev.athanor.tokenizers.training.WordLevelTrainer;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Tokenizers whose tokens are the most frequent pieces of the pre-tokenizer. */
final class WholePieces {

    private WholePieces() {}

    static Recipe.Trained train(
            WordCounts counts, TrainTokenizerSpec spec, PreTokenizer pieces, @Nullable Decoder decoder) {
        List<String> special = UnknownToken.among(spec.specialTokens());
        TrainerOptions options = TrainerOptions.bpe(spec.vocabularySize())
                .withMinFrequency(spec.minFrequency())
                .withSpecialTokens(special);
        WordLevel model = new WordLevelTrainer(options, UnknownToken.NAME).train(counts);
        List<AddedToken> added = IntStream.range(0, special.size())
                .mapToObj(id -> AddedToken.special(id, special.get(id)))
                .toList();
        return new Recipe.Trained(
                new TokenizerSpec(null, null, added, null, pieces, null, decoder, model), counts.size());
    }
}
