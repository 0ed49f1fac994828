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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecipesTest {

    private static final List<String> TEXTS = List.of(
            "The quick brown fox jumps over the lazy dog, and the dog sleeps.",
            "A quicker fox overtook the laziest dogs; they're asleep!",
            "Sleeping dogs and jumping foxes: who's quickest?");

    @ParameterizedTest
    @ValueSource(strings = {"byte-level-bpe", "byte-fallback-bpe", "wordpiece", "unigram", "word", "character", "byte"})
    void everyAlgorithmOfTheSpecTrainsWhatTheHuggingFaceLibraryReads(String algorithm) throws Exception {
        Recipe recipe = Recipes.of(algorithm);
        // No [UNK] among them: algorithms that need it bring it.
        TrainTokenizerSpec spec =
                new TrainTokenizerSpec(algorithm, 320, 1, List.of("[PAD]", "[EOS]"), "punctuation", 64);
        WordCounter counter = recipe.counter(spec);
        TEXTS.forEach(counter::count);
        Tokenizer ours = Tokenizer.of(recipe.train(counter.counts(), spec).tokenizer());
        assertThat(ours.vocabSize()).isLessThanOrEqualTo(320);
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

    @Test
    void bytesStandForWhatTheAlphabetOfCharactersLeavesOut() {
        TrainTokenizerSpec spec = TrainTokenizerSpec.DEFAULTS.of("byte-fallback-bpe", 400);
        Recipe recipe = Recipes.of(spec.algorithm());
        WordCounter counter = recipe.counter(spec);
        counter.count("the same words again and again ".repeat(500) + "é");
        Tokenizer tokenizer = Tokenizer.of(recipe.train(counter.counts(), spec).tokenizer());
        assertThat(tokenizer.tokenToId("é")).isEqualTo(-1);
        assertThat(tokenizer.tokenToId("▁again")).isPositive();
        String text = "again é 😀\nthe words";
        assertThat(tokenizer.encode(text, false).tokens()).contains("<0xC3>").doesNotContain("[UNK]");
        assertThat(tokenizer.decode(tokenizer.encodeIds(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"treebank", "english"})
    void wordsAreCutByTheNamedRules(String rules) {
        TrainTokenizerSpec spec = new TrainTokenizerSpec("word", 100, 1, List.of("[EOS]"), rules, 64);
        Recipe recipe = Recipes.of("word");
        WordCounter counter = recipe.counter(spec);
        counter.count("They don't sleep");
        Tokenizer tokenizer = Tokenizer.fromJson(
                Tokenizer.of(recipe.train(counter.counts(), spec).tokenizer()).toJson());
        assertThat(tokenizer.encode("They don't", false).tokens()).containsExactly("They", "do", "n't");
    }
}
