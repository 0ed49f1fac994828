package dev.athanor.lm.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.Texts;
import dev.athanor.lm.data.TokenStream;
import dev.athanor.lm.format.SafetensorsFile;
import dev.athanor.lm.model.ModelConfig;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PretrainingTest {

    private static final TokenStream TOKENS = Texts.chain(37, 5000, 1);
    private static final TokenStream HELD_OUT = Texts.chain(37, 500, 2);

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(names = {"FP32", "BF16"})
    void theLossFallsTowardsTheEntropyOfTheText(Precision precision) throws Exception {
        var losses = new ArrayList<Double>();
        try (var model = LanguageModel.create(llama(0), 3, Device.cpu())) {
            Pretraining.Result result = run(model, config(120, precision), "a", new TrainingListener() {
                @Override
                public void step(StepMetrics metrics) {
                    losses.add(metrics.loss());
                    assertThat(metrics.tokensPerSecond()).isPositive();
                    assertThat(metrics.mfu()).isPositive();
                    assertThat(metrics.gradientNorm()).isPositive();
                    assertThat(metrics.tokens()).isEqualTo(metrics.step() * 8 * 16);
                }
            });
            assertThat(losses).hasSize(120);
            // Uniform over 37 ids is 3.61 nats; the chain itself has about 0.9.
            assertThat(losses.getFirst()).isBetween(3.4, 3.8);
            assertThat(result.validationLoss()).isBetween(0.6, 1.4);
            assertThat(result.tokens()).isEqualTo(120 * 8 * 16);
        }
    }

    @ParameterizedTest
    @CsvSource({"FP32, 0.0", "BF16, 0.0", "FP32, 0.1", "BF16, 0.1"})
    void aRunInterruptedAnywhereEndsWithTheSameBytes(Precision precision, double dropout) throws Exception {
        TrainingConfig config = config(12, precision);
        Path undisturbed = trained(llama(dropout), config, "undisturbed", List.of());
        Path disturbed = trained(llama(dropout), config, "disturbed", List.of(1L, 5L, 6L, 11L));
        assertThat(disturbed).hasSameBinaryContentAs(undisturbed);
    }

    @Test
    void aKilledRunGoesOnFromItsLastCheckpoint() throws Exception {
        TrainingConfig config = config(12, Precision.FP32);
        Path undisturbed = trained(gpt(), config, "undisturbed", List.of());
        var steps = new ArrayList<Long>();
        try (var model = LanguageModel.create(gpt(), 3, Device.cpu())) {
            // As after kill -9: nothing is saved at the end.
            assertThatThrownBy(() -> run(model, config, "killed", new TrainingListener() {
                        @Override
                        public void step(StepMetrics metrics) {
                            if (metrics.step() == 7) {
                                throw new IllegalStateException("killed");
                            }
                        }
                    }))
                    .hasMessage("killed");
        }
        try (var model = LanguageModel.create(gpt(), 3, Device.cpu())) {
            run(model, config, "killed", new TrainingListener() {
                @Override
                public void step(StepMetrics metrics) {
                    steps.add(metrics.step());
                }
            });
            model.save(folder.resolve("killed-model"));
        }
        assertThat(steps).startsWith(6L).endsWith(12L);
        assertThat(folder.resolve("killed-model/model.safetensors")).hasSameBinaryContentAs(undisturbed);
    }

    @Test
    void aDamagedCheckpointFallsBackToTheOneBefore() throws Exception {
        TrainingConfig config = config(12, Precision.FP32);
        Path undisturbed = trained(gpt(), config, "undisturbed", List.of());
        try (var model = LanguageModel.create(gpt(), 3, Device.cpu())) {
            assertThatThrownBy(() -> run(model, config, "damaged", stopAt(11)))
                    .isInstanceOf(InterruptedException.class);
        }
        Path newest = folder.resolve("damaged/checkpoint-0000000010-g0-0of1-0.safetensors");
        assertThat(newest).exists();
        Files.write(newest, new byte[] {1, 2, 3});
        assertThat(trained(gpt(), config, "damaged", List.of())).hasSameBinaryContentAs(undisturbed);
    }

    @Test
    void microBatchesAddUpToTheWholeBatch() throws Exception {
        TrainingConfig whole = config(3, Precision.FP32);
        var byMicroBatch = new ArrayList<Double>();
        for (int micro : new int[] {8, 2}) {
            TrainingConfig config = withMicroBatch(whole, micro);
            try (var model = LanguageModel.create(gpt(), 3, Device.cpu())) {
                byMicroBatch.add(run(model, config, "micro" + micro, new TrainingListener() {})
                        .lossAverage());
            }
        }
        assertThat(byMicroBatch.get(1)).isCloseTo(byMicroBatch.get(0), org.assertj.core.data.Offset.offset(1e-5));
    }

    @Test
    void theNumberOfStepsThatFitTheMinutesIsKept() throws Exception {
        TrainingConfig config = withMinutes(config(1_000_000, Precision.FP32), 1.0 / 60);
        var totals = new ArrayList<Long>();
        TrainingListener stopAfterTwo = new TrainingListener() {
            private int made;

            @Override
            public void step(StepMetrics metrics) {
                totals.add(metrics.steps());
                made++;
            }

            @Override
            public void checkStop() throws InterruptedException {
                if (made == 2) {
                    throw new InterruptedException();
                }
            }
        };
        try (var model = LanguageModel.create(gpt(), 3, Device.cpu())) {
            assertThatThrownBy(() -> run(model, config, "timed", stopAfterTwo))
                    .isInstanceOf(InterruptedException.class);
        }
        try (var model = LanguageModel.create(gpt(), 3, Device.cpu())) {
            Pretraining.Result result = run(model, config, "timed", new TrainingListener() {});
            assertThat(result.steps()).isBetween(2L, 100_000L).isEqualTo(totals.getFirst());
        }
    }

    /** What is measured before the first step leaves no trace: the same bytes as a run that was asked for so many steps. */
    @ParameterizedTest
    @CsvSource({"FP32, 0.0, 0", "BF16, 0.1, 0", "FP32, 0.1, 0.9"})
    void aRunByTheClockEqualsOneOfAsManySteps(Precision precision, double dropout, double averageDecay)
            throws Exception {
        TrainingConfig plain = config(1_000_000, precision).toBuilder()
                .warmupSteps(0)
                .averageDecay(averageDecay)
                .build();
        TrainingConfig timed = plain.toBuilder().maxMinutes(0.01).build();
        Path byTheClock = trained(llama(dropout), timed, "timed", List.of());
        long steps = Long.parseLong(Files.readString(folder.resolve("timed/planned-steps.txt")));
        assertThat(folder.resolve("timed")).isDirectoryNotContaining("glob:**trial-*");
        Path counted = trained(llama(dropout), plain.toBuilder().steps(steps).build(), "counted", List.of());
        assertThat(byTheClock).hasSameBinaryContentAs(counted);
    }

    @Test
    void aStopDuringTheRehearsalLeavesNothingOfIt() throws Exception {
        TrainingConfig config = withMinutes(config(1_000_000, Precision.FP32), 10);
        try (var model = LanguageModel.create(gpt(), 3, Device.cpu())) {
            assertThatThrownBy(() -> run(model, config, "stopped", new TrainingListener() {
                        @Override
                        public void checkStop() throws InterruptedException {
                            throw new InterruptedException();
                        }
                    }))
                    .isInstanceOf(InterruptedException.class);
        }
        assertThat(folder.resolve("stopped/planned-steps.txt")).doesNotExist();
        Path shard = folder.resolve("stopped/checkpoint-0000000000-g0-0of1-0.safetensors");
        try (var file = SafetensorsFile.open(shard)) {
            assertThat(file.tensors()).containsKey("exp_avg/norm.weight");
            file.tensors().forEach((name, tensor) -> {
                if (!name.startsWith("model/")) {
                    assertThat(tensor.bytes().toArray(ValueLayout.JAVA_BYTE))
                            .as(name)
                            .containsOnly(0);
                }
            });
        }
    }

    @Test
    void aCheckpointOfAnotherRunIsRefused() throws Exception {
        trainedUntil(gpt(), config(12, Precision.FP32), "shared", 4);
        assertThatThrownBy(() -> trained(gpt(), config(13, Precision.FP32), "shared", List.of()))
                .hasMessageContaining("belongs to another run");
    }

    private void trainedUntil(ModelConfig model, TrainingConfig config, String name, long step) throws IOException {
        try (var languageModel = LanguageModel.create(model, 3, Device.cpu())) {
            assertThatThrownBy(() -> run(languageModel, config, name, stopAt(step)))
                    .isInstanceOf(InterruptedException.class);
        }
    }

    /** Trains to the end, interrupted before each of the given steps, each time with a fresh process's state. */
    private Path trained(ModelConfig model, TrainingConfig config, String name, List<Long> interruptions)
            throws Exception {
        for (long step : interruptions) {
            trainedUntil(model, config, name, step);
        }
        try (var languageModel = LanguageModel.create(model, 3, Device.cpu())) {
            run(languageModel, config, name, new TrainingListener() {});
            languageModel.save(folder.resolve(name + "-model"));
        }
        return folder.resolve(name + "-model/model.safetensors");
    }

    /** Interrupts before the step with this number, counted from 1. */
    private static TrainingListener stopAt(long step) {
        return new TrainingListener() {
            private long done = -1;

            @Override
            public void step(StepMetrics metrics) {
                done = metrics.step();
            }

            @Override
            public void checkStop() throws InterruptedException {
                if (done == step - 1 || (done == -1 && step == 1)) {
                    throw new InterruptedException("stopped before step " + step);
                }
            }
        };
    }

    private Pretraining.Result run(LanguageModel model, TrainingConfig config, String name, TrainingListener listener)
            throws IOException, InterruptedException {
        Path work = Files.createDirectories(folder.resolve(name + "-work"));
        return new Pretraining(model, config, TOKENS, HELD_OUT, new FolderCheckpoints(folder.resolve(name)), work)
                .run(listener);
    }

    private static ModelConfig llama(double dropout) {
        return ModelConfig.llama(37, 16, 2, 2, 32).dropout(dropout).build();
    }

    private static ModelConfig gpt() {
        return ModelConfig.gpt2(37, 16, 2, 2, 32).build();
    }

    private static TrainingConfig config(long steps, Precision precision) {
        return TrainingConfig.builder(steps, 8)
                .precision(precision)
                .learningRate(1e-2)
                .warmupSteps(4)
                .checkpointEvery(5)
                .validateEvery(4)
                .validationTokens(1000)
                .seed(11)
                .build();
    }

    private static TrainingConfig withMicroBatch(TrainingConfig c, int micro) {
        return c.toBuilder().microBatchSize(micro).build();
    }

    private static TrainingConfig withMinutes(TrainingConfig c, double minutes) {
        return c.toBuilder().maxMinutes(minutes).validateEvery(0).build();
    }
}
