package dev.athanor.lm.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.athanor.lm.Architectures;
import dev.athanor.lm.Devices;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.generate.Generator.Continuation;
import dev.athanor.lm.generate.Generator.End;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.tokenizers.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratorTest {

    /** A letter a token. */
    private static final Tokenizer TOKENIZER = TokensOf.texts("abcdefghijkl".split(""));

    private static final List<int[]> PROMPTS =
            List.of(new int[] {1, 2, 3}, new int[] {4}, new int[] {5, 6, 7}, new int[] {9, 9, 9, 9, 9});

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama", "grouped-query", "alibi", "sliding-window", "relative", "experts"})
    void greedyContinuationsAreThoseOfWholeForwardPasses(String name) {
        try (LanguageModel model = model(name)) {
            List<Continuation> continuations = generate(model, PROMPTS, sampling(10, 0));
            for (int i = 0; i < PROMPTS.size(); i++) {
                assertThat(continuations.get(i).tokens()).containsExactly(plainGreedy(model, PROMPTS.get(i), 10));
                assertThat(continuations.get(i).end()).isEqualTo(End.MAX_TOKENS);
            }
        }
    }

    @Test
    void withAndWithoutTheStepInJavaItIsTheSame() {
        try (LanguageModel model = model("grouped-query")) {
            for (Sampling sampling :
                    List.of(sampling(12, 0), new Sampling(12, 0.9, 5, 0.95, 0.01, 1.2, List.of(3), List.of(), 5))) {
                assertThat(texts(new Generator(model.transformer(), Device.cpu(), TOKENIZER, false)
                                .generate(PROMPTS, sampling, (sequence, token) -> {})))
                        .isEqualTo(texts(generate(model, PROMPTS, sampling)));
            }
        }
    }

    private static int[] plainGreedy(LanguageModel model, int[] prompt, int count) {
        int[] ids = prompt;
        try (NDManager manager = Devices.newManager(Device.cpu())) {
            for (int i = 0; i < count; i++) {
                var input = manager.create(Arrays.stream(ids).asLongStream().toArray(), new Shape(1, ids.length));
                var transformer = model.transformer();
                float[] logits = transformer
                        .heads()
                        .logits(transformer.hidden(input, false))
                        .toFloatArray();
                int from = (ids.length - 1) * 12;
                int best = 0;
                for (int v = 1; v < 12; v++) {
                    best = logits[from + v] > logits[from + best] ? v : best;
                }
                ids = Arrays.copyOf(ids, ids.length + 1);
                ids[ids.length - 1] = best;
            }
        }
        return Arrays.copyOfRange(ids, prompt.length, ids.length);
    }

    @Test
    void theSeedFixesWhatIsDrawn() {
        try (LanguageModel model = model("gpt2")) {
            var one = new Sampling(11, 1, 0, 1, 0, 1, List.of(), List.of(), 1);
            var other = new Sampling(11, 1, 0, 1, 0, 1, List.of(), List.of(), 2);
            assertThat(texts(generate(model, PROMPTS, one))).isEqualTo(texts(generate(model, PROMPTS, one)));
            assertThat(texts(generate(model, PROMPTS, one))).isNotEqualTo(texts(generate(model, PROMPTS, other)));
        }
    }

    @Test
    void aFullContextEndsTheSequence() {
        try (LanguageModel model = model("gpt2")) {
            Continuation continuation = generate(model, List.of(new int[] {1, 2, 3}), sampling(100, 0))
                    .getFirst();
            assertThat(continuation.end()).isEqualTo(End.CONTEXT_FULL);
            // The last token has no place to be read from, but may be given out.
            assertThat(continuation.tokens()).hasSize(16 - 3 + 1);
        }
    }

    @Test
    void stopsAtTokensAndTexts() {
        try (LanguageModel model = model("gpt2")) {
            int[] plain = generate(model, List.of(new int[] {1}), sampling(10, 0))
                    .getFirst()
                    .tokens();
            var stopToken = new Sampling(10, 0, 0, 1, 0, 1, List.of(plain[0]), List.of(), 0);
            Continuation atToken =
                    generate(model, List.of(new int[] {1}), stopToken).getFirst();
            assertThat(atToken.end()).isEqualTo(End.STOP_TOKEN);
            assertThat(atToken.tokens()).isEmpty();
            String text = text(plain);
            String stop = text.substring(3, 5);
            int at = text.indexOf(stop);
            var stopText = new Sampling(10, 0, 0, 1, 0, 1, List.of(), List.of(stop), 0);
            Continuation atText =
                    generate(model, List.of(new int[] {1}), stopText).getFirst();
            assertThat(atText.end()).isEqualTo(End.STOP_TEXT);
            assertThat(text(atText.tokens())).isEqualTo(text.substring(0, at));
            assertThat(atText.text()).isEqualTo(text.substring(0, at));
        }
    }

    @Test
    void everyTokenIsToldOfAsItIsChosen() {
        try (LanguageModel model = model("llama")) {
            List<List<Integer>> told = new ArrayList<>();
            PROMPTS.forEach(p -> told.add(new ArrayList<>()));
            List<Continuation> continuations = new Generator(model.transformer(), Device.cpu(), null)
                    .generate(
                            PROMPTS,
                            sampling(6, 0),
                            (sequence, token) -> told.get(sequence).add(token));
            for (int i = 0; i < PROMPTS.size(); i++) {
                assertThat(told.get(i).stream().mapToInt(Integer::intValue))
                        .containsExactly(Arrays.stream(continuations.get(i).tokens())
                                .boxed()
                                .toArray(Integer[]::new));
            }
        }
    }

    @Test
    void theTextThatIsToldOfIsAllThatStays() {
        try (LanguageModel model = model("llama")) {
            String plain = generate(model, PROMPTS, sampling(9, 0)).get(1).text();
            var sampling = new Sampling(9, 0, 0, 1, 0, 1, List.of(), List.of(plain.substring(4, 6)), 1);
            Map<Integer, String> told = new TreeMap<>();
            Map<Integer, End> ends = new TreeMap<>();
            List<Continuation> continuations = new Generator(model.transformer(), Device.cpu(), TOKENIZER)
                    .generate(PROMPTS, sampling, new Generator.TokenListener() {
                        @Override
                        public void token(int sequence, int token) {
                            assertThat(ends).doesNotContainKey(sequence);
                        }

                        @Override
                        public void text(int sequence, String text) {
                            assertThat(ends).doesNotContainKey(sequence);
                            told.merge(sequence, text, String::concat);
                        }

                        @Override
                        public void ended(int sequence, End end) {
                            assertThat(ends.put(sequence, end)).isNull();
                        }
                    });
            assertThat(continuations.get(1).end()).isEqualTo(End.STOP_TEXT);
            for (int i = 0; i < PROMPTS.size(); i++) {
                Continuation continuation = continuations.get(i);
                assertThat(told.getOrDefault(i, ""))
                        .isEqualTo(continuation.text())
                        .isEqualTo(text(continuation.tokens()));
                assertThat(ends.get(i)).isEqualTo(continuation.end());
            }
        }
    }

    /** Seeds that follow each other, and sequences of one batch, must not draw one stream from different places on. */
    @Test
    void seedsThatFollowEachOtherHaveNothingInCommon() {
        List<List<Integer>> streams = new ArrayList<>();
        for (int seed = 0; seed < 4; seed++) {
            for (int sequence = 0; sequence < 3; sequence++) {
                var sampler = new TokenSampler(new Sampling(1, 1, 0, 1, 0, 1, List.of(), List.of(), seed), sequence);
                List<Integer> stream = new ArrayList<>();
                for (int i = 0; i < 40; i++) {
                    stream.add(sampler.next(new float[1000]));
                }
                streams.add(stream);
            }
        }
        for (List<Integer> one : streams) {
            for (List<Integer> other : streams) {
                for (int shift = 0; one != other && shift < 20; shift++) {
                    assertThat(Collections.indexOfSubList(other, one.subList(shift, shift + 5)))
                            .isEqualTo(-1);
                }
            }
        }
    }

    @Test
    void rulesLeaveTheTokensTheyShould() {
        float[] logits = {2, 1, 0, -1};
        assertThat(drawn(logits, new Sampling(1, 1, 2, 1, 0, 1, List.of(), List.of(), 3)))
                .containsOnly(0, 1);
        // Probabilities are 0.644, 0.237, 0.087, 0.032.
        assertThat(drawn(logits, new Sampling(1, 1, 0, 0.7, 0, 1, List.of(), List.of(), 3)))
                .containsOnly(0, 1);
        assertThat(drawn(logits, new Sampling(1, 1, 0, 0.6, 0, 1, List.of(), List.of(), 3)))
                .containsOnly(0);
        assertThat(drawn(logits, new Sampling(1, 1, 0, 1, 0.1, 1, List.of(), List.of(), 3)))
                .containsOnly(0, 1, 2);
        assertThat(drawn(logits, new Sampling(1, 1, 0, 1, 0, 1, List.of(), List.of(), 3)))
                .containsOnly(0, 1, 2, 3);
    }

    @Test
    void topKOfManyIsThatOfSortingThemAll() {
        var random = new java.util.Random(4);
        var logits = new float[5000];
        for (int id = 0; id < logits.length; id++) {
            // Few values, so that many are equal: the lower ids go first.
            logits[id] = random.nextInt(40) / 8f;
        }
        Integer[] best = java.util.stream.IntStream.range(0, logits.length)
                .boxed()
                .sorted((a, b) -> logits[a] != logits[b] ? Float.compare(logits[b], logits[a]) : a - b)
                .limit(200)
                .toArray(Integer[]::new);
        int[] draws = drawn(logits, new Sampling(1, 8, 200, 1, 0, 1, List.of(), List.of(), 3));
        assertThat(Arrays.stream(draws).boxed().distinct()).containsExactlyInAnyOrder(best);
    }

    @Test
    void drawsByTheProbabilitiesAtTheTemperature() {
        float[] logits = {2, 1, 0, -1};
        int[] draws = drawn(logits, new Sampling(1, 2, 0, 1, 0, 1, List.of(), List.of(), 3));
        double first = Arrays.stream(draws).filter(d -> d == 0).count() / (double) draws.length;
        double sum = Math.exp(1) + Math.exp(0.5) + 1 + Math.exp(-0.5);
        assertThat(first).isCloseTo(Math.exp(1) / sum, within(0.03));
    }

    @Test
    void repeatedTokensArePenalized() {
        var sampler = new TokenSampler(new Sampling(1, 0, 0, 1, 0, 2, List.of(), List.of(), 0), 0);
        sampler.see(0);
        assertThat(sampler.next(new float[] {1.5f, 1, -3})).isEqualTo(1);
    }

    private static int[] drawn(float[] logits, Sampling sampling) {
        var sampler = new TokenSampler(sampling, 0);
        var draws = new int[4000];
        Arrays.setAll(draws, i -> sampler.next(logits.clone()));
        return draws;
    }

    @Test
    void badInputIsNamed() {
        try (LanguageModel model = model("gpt2");
                LanguageModel encoder =
                        LanguageModel.create(Architectures.encoderConfigs().get("bert"), 1, Device.cpu())) {
            assertThatThrownBy(() -> generate(model, List.of(new int[0]), sampling(1, 0)))
                    .hasMessageContaining("0 tokens");
            assertThatThrownBy(() -> generate(model, List.of(new int[16]), sampling(1, 0)))
                    .hasMessageContaining("1 to 15");
            assertThatThrownBy(() -> new Generator(encoder.transformer(), Device.cpu(), null))
                    .hasMessageContaining("encoder");
        }
        assertThatThrownBy(() -> sampling(0, 0)).hasMessageContaining("maxTokens is 0");
        assertThatThrownBy(() -> sampling(1, -1)).hasMessageContaining("temperature is -1.0");
    }

    private static Sampling sampling(int maxTokens, double temperature) {
        return new Sampling(maxTokens, temperature, 0, 1, 0, 1, List.of(), List.of(), 1);
    }

    private static LanguageModel model(String name) {
        ModelConfig config = Architectures.decoderConfigs().get(name).toBuilder()
                .initializerRange(0.3)
                .build();
        return LanguageModel.create(config, 8, Device.cpu());
    }

    private static List<Continuation> generate(LanguageModel model, List<int[]> prompts, Sampling sampling) {
        return new Generator(model.transformer(), Device.cpu(), TOKENIZER)
                .generate(prompts, sampling, (sequence, token) -> {});
    }

    private static String text(int[] ids) {
        return TOKENIZER.decode(ids);
    }

    private static List<String> texts(List<Continuation> continuations) {
        return continuations.stream().map(c -> text(c.tokens())).toList();
    }
}
