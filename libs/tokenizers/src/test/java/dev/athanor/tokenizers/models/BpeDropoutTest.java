package dev.athanor.tokenizers.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.tokenizers.Tokenizer;
import dev.athanor.tokenizers.TokenizerSpec;
import dev.athanor.tokenizers.decoders.ByteLevelDecoder;
import dev.athanor.tokenizers.pretokenizers.ByteLevel;
import dev.athanor.tokenizers.training.BpeTrainer;
import dev.athanor.tokenizers.training.TrainerOptions;
import dev.athanor.tokenizers.training.WordCounter;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BpeDropoutTest {

    private static final String TEXT = "the lower the slower, the newer the wider: lowest widest newest";

    private static Tokenizer tokenizer(Double dropout) {
        ByteLevel words = new ByteLevel(false, true, true);
        WordCounter counter = new WordCounter(null, words);
        counter.count(TEXT.repeat(5));
        Bpe trained = new BpeTrainer(TrainerOptions.bpe(300).withByteAlphabet()).train(counter.counts());
        Bpe model = new Bpe(
                trained.vocabulary(),
                trained.merges(),
                new Bpe.Options(dropout, null, null, null, false, false, false));
        return Tokenizer.fromJson(Tokenizer.of(TokenizerSpec.of(words, model, new ByteLevelDecoder(true, true, true)))
                .toJson());
    }

    @Test
    void aTextIsCutInManyWaysThatAllMeanTheSame() {
        Tokenizer tokenizer = tokenizer(0.3);
        int[] plain = tokenizer.encodeIds(TEXT);
        assertThat(plain).isEqualTo(tokenizer(null).encodeIds(TEXT));
        Set<String> ways = new HashSet<>();
        for (int seed = 0; seed < 20; seed++) {
            int[] ids = tokenizer.encodeIds(TEXT, new SplittableRandom(seed));
            assertThat(tokenizer.decode(ids)).isEqualTo(TEXT);
            assertThat(ids).isEqualTo(tokenizer.encodeIds(TEXT, new SplittableRandom(seed)));
            assertThat(ids.length).isGreaterThanOrEqualTo(plain.length);
            ways.add(Arrays.toString(ids));
        }
        assertThat(ways).hasSizeGreaterThan(10);
    }

    @Test
    void nothingIsMergedWhenAllIsDroppedAndAllWhenNothingIs() {
        assertThat(tokenizer(1.0).encodeIds(TEXT, new SplittableRandom(1))).hasSize(TEXT.length());
        for (String text : new String[] {TEXT, "wwwwwwwwwiderrrr", "", "ééé"}) {
            int[] plain = tokenizer(null).encodeIds(text);
            // A chance so small that it never comes up: the merges are those of the other implementation.
            assertThat(tokenizer(1e-300).encodeIds(text, new SplittableRandom(2)))
                    .isEqualTo(plain);
            assertThat(tokenizer(0.0).encodeIds(text, new SplittableRandom(2))).isEqualTo(plain);
        }
    }

    @Test
    void theShareOfMergesThatIsDoneFallsWithDropout() {
        int[] lengths = IntStream.of(0, 1, 5, 9)
                .map(tenths -> {
                    Tokenizer tokenizer = tokenizer(tenths / 10.0);
                    return IntStream.range(0, 10)
                            .map(seed -> tokenizer.encodeIds(TEXT, new SplittableRandom(seed)).length)
                            .sum();
                })
                .toArray();
        assertThat(lengths).isSorted().doesNotHaveDuplicates();
    }
}
