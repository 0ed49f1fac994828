package dev.athanor.tokenizer.vocabulary;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.athanor.contracts.spec.TrainTokenizerSpec;
import dev.athanor.tokenizers.Tokenizer;
import dev.athanor.tokenizers.training.WordCounter;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecipesTest {

    private static final List<String> TEXTS = List.of(
            "The quick brown fox jumps over the lazy dog, and the dog sleeps.",
            "A quicker fox overtook the laziest dogs; they're asleep!",
            "Sleeping dogs and jumping foxes: who's quickest?");

    @ParameterizedTest
    @ValueSource(strings = {"byte-level-bpe", "wordpiece", "unigram"})
    void everyAlgorithmOfTheSpecTrainsWhatTheHuggingFaceLibraryReads(String algorithm) throws Exception {
        Recipe recipe = Recipes.of(algorithm);
        WordCounter counter = recipe.counter();
        TEXTS.forEach(counter::count);
        // No [UNK] among them: algorithms that need it bring it.
        TrainTokenizerSpec spec = new TrainTokenizerSpec(algorithm, 300, 1, List.of("[PAD]", "[EOS]"));
        Tokenizer ours = Tokenizer.of(recipe.train(counter.counts(), spec));
        assertThat(ours.vocabSize()).isLessThanOrEqualTo(300);
        assertThat(ours.tokenToId("[EOS]")).isEqualTo(1);
        try (var theirs = HuggingFaceTokenizer.newInstance(
                new ByteArrayInputStream(ours.toJson().getBytes(StandardCharsets.UTF_8)),
                Map.of("truncation", "DO_NOT_TRUNCATE", "padding", "DO_NOT_PAD"))) {
            for (String text : List.of(TEXTS.getFirst(), "Foxes sleep[EOS] 日本 zebra")) {
                int[] expected = Arrays.stream(theirs.encode(text, false, false).getIds())
                        .mapToInt(Math::toIntExact)
                        .toArray();
                assertThat(ours.encodeIds(text)).isEqualTo(expected);
            }
        }
        assertThat(ours.decode(ours.encodeIds("the lazy dog"))).isEqualTo("the lazy dog");
    }
}
