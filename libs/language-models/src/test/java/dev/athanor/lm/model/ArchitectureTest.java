package dev.athanor.lm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.athanor.libtorch.Autograd;
import dev.athanor.lm.Devices;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.inspect.GradientCheck;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every option of the configuration must do. */
class ArchitectureTest {

    /** The ways in which a model computes, each with kernels of its own. */
    private enum Mode {
        INFERENCE,
        TRAINING,
        /** As {@link #TRAINING}, with weights in bfloat16 and layers that are computed again in the backward pass. */
        RECOMPUTED_BF16;

        /** What an expert's rows may differ by: see {@link ArchitectureTest#assertUnchanged}. */
        float rounding() {
            return this == RECOMPUTED_BF16 ? 0.1f : 1e-5f;
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.athanor.lm.Architectures#all")
    void gradientsAreThoseOfFiniteDifferences(String name, ModelConfig config) {
        assertThat(GradientCheck.of(config, 2, 7, 5))
                .isNotEmpty()
                .allSatisfy(coordinate ->
                        assertThat(coordinate.error()).as(coordinate.toString()).isLessThan(1e-4));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.athanor.lm.Architectures#decoders")
    void aDecodersPositionsSeeNothingAfterThem(String name, ModelConfig config) {
        try (LanguageModel model = model(config);
                NDManager manager = Devices.newManager(Device.cpu())) {
            long[] ids = random(2 * 16, config.vocabularySize());
            int C = config.width();
            for (Mode mode : Mode.values()) {
                float[] before = hidden(model, manager, ids, null, mode);
                for (int changed : new int[] {15, 9, 4}) {
                    long[] other = ids.clone();
                    other[changed] = (other[changed] + 1) % config.vocabularySize();
                    float[] after = hidden(model, manager, other, null, mode);
                    // The second sequence, in places 16 to 31, is the first's neighbour in the batch and must not
                    // notice either, unless experts in training have no room for all.
                    boolean crowded =
                            config.experts() != null && config.experts().capacityFactor() > 0 && mode != Mode.INFERENCE;
                    for (int t = 0; t < (crowded ? 16 : 32); t++) {
                        if (t < changed || t >= 16) {
                            assertUnchanged(config, mode, before, after, t);
                        }
                    }
                    assertThat(row(after, changed, C)).isNotEqualTo(row(before, changed, C));
                }
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.athanor.lm.Architectures#encoders")
    void anEncoderSeesAllButThePadding(String name, ModelConfig config) {
        try (LanguageModel model = model(config);
                NDManager manager = Devices.newManager(Device.cpu())) {
            long[] ids = random(2 * 16, config.vocabularySize());
            int[] lengths = {11, 16};
            int C = config.width();
            for (Mode mode : Mode.values()) {
                float[] before = hidden(model, manager, ids, lengths, mode);
                long[] padded = ids.clone();
                padded[12] = (padded[12] + 1) % config.vocabularySize();
                float[] afterPadding = hidden(model, manager, padded, lengths, mode);
                for (int t = 0; t < 11; t++) {
                    assertUnchanged(config, mode, before, afterPadding, t);
                }
                long[] seen = ids.clone();
                seen[10] = (seen[10] + 1) % config.vocabularySize();
                float[] after = hidden(model, manager, seen, lengths, mode);
                // Through a sparse pattern and two layers the first position must see the last one too.
                assertThat(row(after, 0, C)).isNotEqualTo(row(before, 0, C));
            }
        }
    }

    /** An expert's rows are multiplied together: where another row is added, kernels may group them, and so round, otherwise. */
    private static void assertUnchanged(ModelConfig config, Mode mode, float[] before, float[] after, int t) {
        float[] expected = row(before, t, config.width());
        float rounding = config.experts() == null ? 0 : mode.rounding();
        assertThat(row(after, t, config.width()))
                .as(mode + ", position " + t)
                .containsExactly(expected, within(rounding));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.athanor.lm.Architectures#decoders")
    void withACacheTheHiddenStatesAreTheSame(String name, ModelConfig config) {
        try (LanguageModel model = model(config);
                NDManager manager = Devices.newManager(Device.cpu());
                KeyValueCache cache = new KeyValueCache(manager)) {
            long[] ids = random(2 * 16, config.vocabularySize());
            float[] whole = hidden(model, manager, ids, null, Mode.INFERENCE);
            Transformer transformer = model.transformer();
            int C = config.width();
            for (int[] part : new int[][] {{0, 5}, {5, 6}, {6, 10}, {10, 11}, {11, 16}}) {
                int length = part[1] - part[0];
                var ids_BT = new long[2 * length];
                for (int b = 0; b < 2; b++) {
                    System.arraycopy(ids, b * 16 + part[0], ids_BT, b * length, length);
                }
                NDArray input = manager.create(ids_BT, new Shape(2, length));
                float[] hidden = transformer
                        .forward(new Transformer.Input(input, null, null, false, cache))
                        .hidden_BTC()
                        .toFloatArray();
                for (int b = 0; b < 2; b++) {
                    for (int t = 0; t < length; t++) {
                        float[] expected = row(whole, b * 16 + part[0] + t, C);
                        assertThat(row(hidden, b * length + t, C)).containsExactly(expected, within(2e-4f));
                    }
                }
            }
            assertThat(cache.length()).isEqualTo(16);
        }
    }

    private static LanguageModel model(ModelConfig config) {
        return LanguageModel.create(config.toBuilder().initializerRange(0.08).build(), 3, Device.cpu());
    }

    private static long[] random(int count, int vocabulary) {
        return new Random(2).longs(count, 0, vocabulary).toArray();
    }

    private static float[] hidden(LanguageModel model, NDManager manager, long[] ids, int[] lengths, Mode mode) {
        if (mode == Mode.INFERENCE) {
            return hidden(model.transformer(), manager, ids, lengths, mode);
        }
        try (NDManager owner = Devices.newManager(Device.cpu());
                Autograd.Scope recording = Autograd.record()) {
            boolean low = mode == Mode.RECOMPUTED_BF16;
            Transformer trained = model.transformer(owner, low ? DataType.BFLOAT16 : DataType.FLOAT32);
            trained.weights().values().forEach(w -> w.setRequiresGradient(true));
            return hidden(trained, owner, ids, lengths, mode);
        }
    }

    private static float[] hidden(Transformer transformer, NDManager manager, long[] ids, int[] lengths, Mode mode) {
        NDArray ids_BT = manager.create(ids, new Shape(2, 16));
        boolean training = mode != Mode.INFERENCE;
        boolean recompute = mode == Mode.RECOMPUTED_BF16;
        return transformer
                .forward(new Transformer.Input(ids_BT, lengths, null, null, training, recompute, null))
                .hidden_BTC()
                .toType(DataType.FLOAT32, false)
                .toFloatArray();
    }

    private static float[] row(float[] values, int t, int width) {
        return java.util.Arrays.copyOfRange(values, t * width, (t + 1) * width);
    }
}
