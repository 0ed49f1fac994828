package dev.athanor.lm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.athanor.lm.Architectures;
import dev.athanor.lm.Devices;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.data.TokenStream;
import dev.athanor.lm.inspect.GradientCheck;
import dev.athanor.lm.train.FolderCheckpoints;
import dev.athanor.lm.train.LearningRateSchedule;
import dev.athanor.lm.train.Precision;
import dev.athanor.lm.train.Pretraining;
import dev.athanor.lm.train.StepMetrics;
import dev.athanor.lm.train.TrainingConfig;
import dev.athanor.lm.train.TrainingListener;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every option of the configuration must do. */
class ArchitectureTest {

    @TempDir
    Path folder;

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
            float[] before = hidden(model, manager, ids, null);
            for (int changed : new int[] {15, 9, 4}) {
                long[] other = ids.clone();
                other[changed] = (other[changed] + 1) % config.vocabularySize();
                float[] after = hidden(model, manager, other, null);
                int C = config.width();
                // The second sequence, in places 16 to 31, is the first's neighbour in the batch and must not notice
                // either.
                for (int t = 0; t < 32; t++) {
                    boolean mayChange = t >= changed && t < 16;
                    if (!mayChange && config.experts() == null) {
                        assertThat(row(after, t, C)).as("position " + t).isEqualTo(row(before, t, C));
                    } else if (!mayChange) {
                        // An expert's rows are multiplied together: where another row is added, a processor's kernel
                        // may
                        // group them, and so round, otherwise.
                        assertThat(row(after, t, C))
                                .as("position " + t)
                                .containsExactly(row(before, t, C), within(1e-5f));
                    }
                }
                assertThat(row(after, changed, C)).isNotEqualTo(row(before, changed, C));
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
            float[] before = hidden(model, manager, ids, lengths);
            long[] padded = ids.clone();
            padded[12] = (padded[12] + 1) % config.vocabularySize();
            int C = config.width();
            float[] afterPadding = hidden(model, manager, padded, lengths);
            for (int t = 0; t < 11; t++) {
                assertThat(row(afterPadding, t, C)).as("position " + t).isEqualTo(row(before, t, C));
            }
            long[] seen = ids.clone();
            seen[10] = (seen[10] + 1) % config.vocabularySize();
            float[] after = hidden(model, manager, seen, lengths);
            // Through a sparse pattern and two layers the first position must see the last one too.
            assertThat(row(after, 0, C)).isNotEqualTo(row(before, 0, C));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.athanor.lm.Architectures#decoders")
    void withACacheTheHiddenStatesAreTheSame(String name, ModelConfig config) {
        try (LanguageModel model = model(config);
                NDManager manager = Devices.newManager(Device.cpu());
                KeyValueCache cache = new KeyValueCache(manager)) {
            long[] ids = random(2 * 16, config.vocabularySize());
            float[] whole = hidden(model, manager, ids, null);
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

    /** a 11 a 11 a …: after an 11 only attention tells which a it was. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.athanor.lm.Architectures#decoders")
    void everyDecoderLearnsToRecall(String name, ModelConfig config) throws Exception {
        var random = new Random(7);
        var ids = new int[16 * 400 + 1];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = i % 16 == 0 ? random.nextInt(11) : i % 2 == 0 ? ids[i - 2] : 11;
        }
        // The last target of a window is the next one's random beginning.
        // A model that does not attend is left with 7 of 16 targets at ln 11 each, 1.05 a token.
        double unavoidable = Math.log(11) / 16;
        // Layers that tell positions apart by nothing, or see few of them, need longer: none is near the 1.05.
        boolean slow = Set.of("no-positions", "alibi", "sliding-window", "mixed-layers", "post-rms-norm")
                .contains(name);
        assertThat(lossAfter(130, config, ids) - unavoidable).isLessThan(slow ? 0.2 : 0.05);
    }

    /** Each token repeats the one three places before, but for random beginnings: positions must be told apart. */
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void positionsAreToldApart(String name, ModelConfig config) throws Exception {
        var random = new Random(7);
        var ids = new int[16 * 400 + 1];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = i % 16 < 4 ? random.nextInt(12) : ids[i - 3];
        }
        double unavoidable = 4.0 / 16 * Math.log(12);
        double notTold = 12.0 / 16 * Math.log(3);
        boolean quick = Set.of("gpt2", "llama", "sinusoidal", "relative").contains(name);
        assertThat(lossAfter(300, config, ids) - unavoidable).isLessThan(quick ? 0.1 : notTold / 2.5);
    }

    static Stream<Arguments> positionsAreToldApart() {
        Map<String, ModelConfig> configs = Architectures.decoderConfigs();
        return Stream.of("gpt2", "llama", "sinusoidal", "relative", "disentangled", "rotary-ntk", "sliding-window")
                .map(name -> Arguments.of(name, configs.get(name)));
    }

    private double lossAfter(int steps, ModelConfig config, int[] ids) throws Exception {
        var last = new double[1];
        var training = new TrainingConfig(
                steps,
                0,
                32,
                0,
                Precision.FP32,
                LearningRateSchedule.Shape.COSINE,
                1e-2,
                10,
                0.1,
                0.0,
                0.9,
                0.95,
                1.0,
                0,
                0,
                1000,
                1);
        try (LanguageModel model = model(config)) {
            new Pretraining(model, training, TokenStream.of(ids), null, new FolderCheckpoints(folder), folder)
                    .run(new TrainingListener() {
                        @Override
                        public void step(StepMetrics metrics) {
                            last[0] = metrics.loss();
                        }
                    });
        }
        return last[0];
    }

    private static LanguageModel model(ModelConfig config) {
        return LanguageModel.create(config.toBuilder().initializerRange(0.08).build(), 3, Device.cpu());
    }

    private static long[] random(int count, int vocabulary) {
        return new Random(2).longs(count, 0, vocabulary).toArray();
    }

    private static float[] hidden(LanguageModel model, NDManager manager, long[] ids, int[] lengths) {
        NDArray ids_BT = manager.create(ids, new Shape(2, 16));
        return model.transformer()
                .forward(new Transformer.Input(ids_BT, lengths, null, false, null))
                .hidden_BTC()
                .toFloatArray();
    }

    private static float[] row(float[] values, int t, int width) {
        return java.util.Arrays.copyOfRange(values, t * width, (t + 1) * width);
    }
}
