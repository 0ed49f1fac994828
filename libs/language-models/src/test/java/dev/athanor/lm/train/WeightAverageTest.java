package dev.athanor.lm.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.athanor.libtorch.Autograd;
import dev.athanor.libtorch.FusedAdamW;
import dev.athanor.lm.Devices;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.Perplexity;
import dev.athanor.lm.Texts;
import dev.athanor.lm.data.TokenStream;
import dev.athanor.lm.model.ModelConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The average of the weights, the loss scale of fp16, and layers computed again, in a training run. */
class WeightAverageTest {

    private static final ModelConfig CONFIG =
            ModelConfig.llama(11, 16, 2, 2, 16).build();

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(names = {"FP32", "BF16"})
    void theAverageFollowsTheWeights(Precision precision) {
        try (NDManager manager = Devices.newManager(Device.cpu())) {
            NDArray w = manager.create(new float[] {1, 2}, new Shape(1, 2));
            Map<String, NDArray> parameters = Map.of("w", w);
            try (var weights = new TrainedWeights(parameters, precision, 0, new FusedAdamW.Options())) {
                weights.keepAverage(0.75);
                double[] average = {1, 2};
                for (int step = 1; step <= 40; step++) {
                    backward(weights, 1);
                    weights.step(0.1, 0);
                    weights.average(step);
                    // 2/11, 3/12, …, and 0.75 from step 27 on.
                    double decay = Math.min(0.75, (1.0 + step) / (10 + step));
                    float[] now = weights.masters().get("w").toFloatArray();
                    for (int i = 0; i < 2; i++) {
                        average[i] = decay * average[i] + (1 - decay) * now[i];
                    }
                }
                try (TrainedWeights.Copies copies = weights.handedIn()) {
                    NDArray copy = copies.arrays().get("w");
                    assertThat(copy.getDataType()).isEqualTo(precision.type());
                    assertThat(copy.toType(DataType.FLOAT32, false).toFloatArray()[0])
                            .isCloseTo((float) average[0], within(precision == Precision.FP32 ? 1e-5f : 1e-2f));
                }
                assertThat(w.toFloatArray()[0])
                        .isEqualTo(weights.masters().get("w").toFloatArray()[0]);
                weights.writeBack();
                assertThat(w.toFloatArray()[0]).isCloseTo((float) average[0], within(1e-5f));
                assertThat(w.toFloatArray()[1]).isCloseTo((float) average[1], within(1e-5f));
            }
        }
    }

    private static void backward(TrainedWeights weights, double factor) {
        try (Autograd.Scope recording = Autograd.record()) {
            NDArray loss = weights.weights().get("w").sum().mul(factor);
            Autograd.backward(loss);
            loss.close();
        }
        weights.collectGradients();
    }

    @Test
    void anOverflowLeavesOutTheStepAndHalvesTheLossScale() {
        try (NDManager manager = Devices.newManager(Device.cpu())) {
            NDArray w = manager.create(new float[] {1, 2}, new Shape(1, 2));
            try (var weights = new TrainedWeights(Map.of("w", w), Precision.FP16, 0, new FusedAdamW.Options())) {
                double scale = weights.lossScale();
                assertThat(scale).isEqualTo(65_536);
                backward(weights, scale * 2);
                assertThat(weights.step(0.1, 1)).isNotFinite();
                assertThat(weights.mayOverflow()).isTrue();
                assertThat(weights.lossScale()).isEqualTo(scale / 2);
                assertThat(w.toFloatArray()).containsExactly(1, 2);
                backward(weights, weights.lossScale());
                assertThat(weights.step(0.1, 0)).isCloseTo(Math.sqrt(2), within(1e-4));
                assertThat(w.toFloatArray()[0]).isCloseTo(0.9f, within(1e-3f));
                assertThat(weights.optimizerState()).containsKey(LossScale.NAME);
            }
        }
    }

    @Test
    void fp16IsRefusedOnAProcessor() {
        try (LanguageModel model = LanguageModel.create(CONFIG, 1, Device.cpu())) {
            var config = TrainingConfig.builder(1, 4)
                    .precision(Precision.FP16)
                    .schedule(LearningRateSchedule.Shape.CONSTANT)
                    .warmupSteps(0)
                    .minLearningRateRatio(0)
                    .weightDecay(0)
                    .validationTokens(1)
                    .seed(1)
                    .build();
            assertThatThrownBy(() -> new Pretraining(
                            model, config, Texts.chain(11, 500, 3), null, new FolderCheckpoints(folder), folder))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("fp16")
                    .hasMessageContaining("bf16 or fp32");
        }
    }

    /** Interrupted in the middle, the average goes on from where it was. */
    @Test
    void anAveragedRunResumesToTheSameBits() throws Exception {
        float[] whole = trained(folder.resolve("whole"), true, List.of());
        assertThat(trained(folder.resolve("parts"), true, List.of(4))).isEqualTo(whole);
        assertThat(trained(folder.resolve("plain"), false, List.of())).isNotEqualTo(whole);
    }

    /** With a decay that 60 steps are far too few for, what is told of the held-out text is what the model handed in does. */
    @ParameterizedTest
    @EnumSource(names = {"FP32", "BF16"})
    void whatIsValidatedIsWhatIsHandedIn(Precision precision) throws Exception {
        var config = TrainingConfig.builder(60, 8)
                .precision(precision)
                .learningRate(1e-2)
                .warmupSteps(5)
                .validationTokens(1000)
                .seed(1)
                .averageDecay(0.9999)
                .build();
        TokenStream heldOut = Texts.chain(11, 1000, 4);
        try (LanguageModel model = LanguageModel.create(CONFIG, 1, Device.cpu())) {
            Pretraining.Result result = new Pretraining(
                            model, config, Texts.chain(11, 3000, 3), heldOut, new FolderCheckpoints(folder), folder)
                    .run(new TrainingListener() {});
            double handedIn = Perplexity.of(model.transformer(), Device.cpu(), heldOut, 8, 1000, null)
                    .natsPerToken();
            assertThat(handedIn).isCloseTo(result.validationLoss(), within(precision == Precision.FP32 ? 1e-5 : 2e-2));
            // Untrained it would be ln 11, 2.4.
            assertThat(handedIn).isLessThan(1.9);
        }
    }

    private static float[] trained(Path place, boolean averaged, List<Integer> stops) throws Exception {
        java.nio.file.Files.createDirectories(place);
        var config = TrainingConfig.builder(8, 4)
                .learningRate(1e-2)
                .warmupSteps(2)
                .checkpointEvery(2)
                .validationTokens(100)
                .seed(1)
                .recompute(true)
                .averageDecay(averaged ? 0.9 : 0)
                .build();
        for (int stop : stops) {
            try (LanguageModel model = LanguageModel.create(CONFIG, 1, Device.cpu())) {
                var steps = new int[1];
                assertThatThrownBy(() -> run(model, config, place, new TrainingListener() {
                            @Override
                            public void step(StepMetrics metrics) {
                                steps[0]++;
                            }

                            @Override
                            public void checkStop() throws InterruptedException {
                                if (steps[0] == stop) {
                                    throw new InterruptedException("stopped");
                                }
                            }
                        }))
                        .isInstanceOf(InterruptedException.class);
            }
        }
        try (LanguageModel model = LanguageModel.create(CONFIG, 1, Device.cpu())) {
            run(model, config, place, new TrainingListener() {});
            return model.parameter("layers.0.attention.qkv.weight").toFloatArray();
        }
    }

    private static void run(LanguageModel model, TrainingConfig config, Path place, TrainingListener listener)
            throws Exception {
        new Pretraining(model, config, Texts.chain(11, 500, 3), null, new FolderCheckpoints(place), place)
                .run(listener);
    }
}
