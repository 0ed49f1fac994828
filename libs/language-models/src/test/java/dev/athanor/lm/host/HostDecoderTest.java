package dev.athanor.lm.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.athanor.lm.Architectures;
import dev.athanor.lm.Devices;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.model.Experts;
import dev.athanor.lm.model.KeyValueCache;
import dev.athanor.lm.model.LayerAttention;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.ModelConfig.FeedForward;
import dev.athanor.lm.model.Transformer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The step in Java against whole forward passes of the model. */
class HostDecoderTest {

    private static final int CONTEXT = 16;
    /** Places of the two sequences of the tests that were computed before the first step. */
    private static final int[] PROMPTS = {5, 9};

    static Stream<Arguments> decoders() {
        // Widths of whole vectors and of odd rests, heads narrower and wider than a block.
        ModelConfig wide = ModelConfig.llama(200, CONTEXT, 2, 3, 210)
                .feedForwardWidth(190)
                .keyValueHeads(1)
                .build();
        ModelConfig gelu = ModelConfig.gpt2(61, CONTEXT, 2, 1, 100)
                .feedForward(FeedForward.GELU)
                .segments(2)
                .build();
        ModelConfig experts = ModelConfig.gpt2(61, CONTEXT, 2, 2, 64)
                .experts(new Experts(3, 1, 1, 0.01, 0))
                .build();
        ModelConfig oneHead = ModelConfig.llama(61, CONTEXT, 2, 1, 32)
                .attention(List.of(LayerAttention.full(LayerAttention.Positions.ALIBI)))
                .build();
        return Stream.concat(
                Architectures.decoders()
                        .filter(a -> !((ModelConfig) a.get()[1]).has(LayerAttention.Positions.DISENTANGLED)),
                Stream.of(
                        Arguments.of("wide", wide),
                        Arguments.of("gelu", gelu),
                        Arguments.of("one expert", experts),
                        Arguments.of("alibi of one head", oneHead)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("decoders")
    void stepsGiveTheLogitsOfWholePasses(String name, ModelConfig config) {
        try (LanguageModel model = model(config)) {
            assertStepsAgree(model.transformer(), model.transformer(), 2e-4f);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("decoders")
    void inBfloat16TooUpToTheRoundingOfTheCache(String name, ModelConfig config) {
        try (LanguageModel model = model(config);
                NDManager copies = Devices.newManager(Device.cpu())) {
            Transformer half = model.transformer(copies, DataType.BFLOAT16);
            // The weights themselves are rounded first, so that only keys and values differ.
            model.parameters()
                    .forEach((weight, array) -> half.weights()
                            .get(weight)
                            .toType(DataType.FLOAT32, true)
                            .copyTo(array));
            assertStepsAgree(half, model.transformer(), 0.06f);
        }
    }

    /** Two sequences of different lengths side by side. */
    private static void assertStepsAgree(Transformer stepped, Transformer whole, float tolerance) {
        HostDecoder host = HostDecoder.of(stepped).orElseThrow();
        int V = stepped.config().vocabularySize();
        int[][] ids = {
            new Random(2).ints(CONTEXT, 0, V).toArray(),
            new Random(3).ints(CONTEXT, 0, V).toArray()
        };
        try (NDManager manager = Devices.newManager(Device.cpu())) {
            List<KeyValueCache> caches = new ArrayList<>();
            for (int b = 0; b < 2; b++) {
                // The sequence is the second row of its cache.
                var cache = new KeyValueCache(manager);
                int[] prompt = Arrays.copyOf(ids[b], PROMPTS[b]);
                int[] other = new int[PROMPTS[b]];
                stepped.forward(new Transformer.Input(input(manager, other, prompt), null, null, false, cache));
                caches.add(cache);
            }
            float[][] expected = {logits(whole, manager, ids[0]), logits(whole, manager, ids[1])};
            for (int step = 0; PROMPTS[1] + step < CONTEXT; step++) {
                List<HostDecoder.Row> rows = new ArrayList<>();
                for (int b = 0; b < 2; b++) {
                    rows.add(new HostDecoder.Row(ids[b][PROMPTS[b] + step], caches.get(b), 1));
                }
                float[][] logits = host.logits(rows);
                caches.forEach(cache -> cache.advance(1));
                for (int b = 0; b < 2; b++) {
                    int at = (PROMPTS[b] + step) * V;
                    assertThat(logits[b])
                            .containsExactly(Arrays.copyOfRange(expected[b], at, at + V), within(tolerance));
                }
            }
        }
    }

    @Test
    void aSequenceGivesTheSameBitsAloneAndAmongOthers() {
        try (LanguageModel model =
                        model(ModelConfig.llama(200, CONTEXT, 2, 4, 128).build());
                NDManager manager = Devices.newManager(Device.cpu())) {
            HostDecoder host = HostDecoder.of(model.transformer()).orElseThrow();
            List<HostDecoder.Row> rows = new ArrayList<>();
            for (int b = 0; b < 7; b++) {
                var cache = new KeyValueCache(manager);
                model.transformer()
                        .forward(new Transformer.Input(input(manager, new int[] {b, 3, b}), null, null, false, cache));
                rows.add(new HostDecoder.Row(b + 7, cache, 0));
            }
            float[][] together = host.logits(rows);
            for (int b = 0; b < 7; b++) {
                assertThat(host.logits(List.of(rows.get(b)))[0]).isEqualTo(together[b]);
            }
        }
    }

    @Test
    void whatItCannotDoIsLeftToTheTransformer() {
        try (LanguageModel model = model(Architectures.decoderConfigs().get("disentangled"))) {
            assertThat(HostDecoder.of(model.transformer())).isEmpty();
        }
    }

    private static LanguageModel model(ModelConfig config) {
        return LanguageModel.create(config.toBuilder().initializerRange(0.08).build(), 3, Device.cpu());
    }

    private static NDArray input(NDManager manager, int[]... rows) {
        long[] ids =
                Arrays.stream(rows).flatMapToInt(Arrays::stream).asLongStream().toArray();
        return manager.create(ids, new Shape(rows.length, rows[0].length));
    }

    private static float[] logits(Transformer transformer, NDManager manager, int[] ids) {
        return transformer
                .heads()
                .logits(transformer.hidden(input(manager, ids), false))
                .toFloatArray();
    }
}
