package dev.athanor.lm.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.Perplexity;
import dev.athanor.lm.Texts;
import dev.athanor.lm.data.TokenStream;
import dev.athanor.lm.model.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Validations, what is kept of them, and which weights a run ends with. The text is so short that the model soon knows it by heart. */
class HandInTest {

    private static final ModelConfig CONFIG =
            ModelConfig.llama(37, 16, 1, 2, 32).build();
    private static final TokenStream TEXT = Texts.chain(37, 300, 1);
    private static final TokenStream HELD_OUT = Texts.chain(37, 500, 2);
    private static final CheckpointPolicy BEST = new CheckpointPolicy(2, 1, 0, CheckpointPolicy.HandIn.BEST, false);

    @TempDir
    Path folder;

    @Test
    void theWeightsThatPredictHeldOutTextBestAreHandedIn() throws Exception {
        var losses = new TreeMap<Long, Double>();
        Pretraining.Result result = train("best", BEST, config(60), new TrainingListener() {
            @Override
            public void validated(long step, double loss) {
                losses.put(step, loss);
            }
        });
        var best = losses.entrySet().stream()
                .min(Comparator.comparingDouble(Map.Entry<Long, Double>::getValue))
                .orElseThrow();
        assertThat(best.getKey()).isLessThan(60);
        assertThat(result.handedInStep()).isEqualTo(best.getKey());
        assertThat(result.validationLoss()).isEqualTo(best.getValue());
        assertThat(result.steps()).isEqualTo(60);
        try (LanguageModel model = LanguageModel.load(folder.resolve("best-model"), Device.cpu())) {
            assertThat(Perplexity.of(model.transformer(), Device.cpu(), HELD_OUT, 8, 1000, null)
                            .natsPerToken())
                    .isCloseTo(best.getValue(), within(1e-5));
        }
        assertThatThrownBy(() -> new CheckpointPolicy(2, 0, 0, CheckpointPolicy.HandIn.BEST, false))
                .hasMessageContaining("keepBest");
    }

    @Test
    void interruptedRunsHandInTheSame() throws Exception {
        train("calm", BEST, config(60), new TrainingListener() {});
        for (long stop : new long[] {8, 15, 16, 40}) {
            assertThatThrownBy(() -> train("disturbed", BEST, config(60), new Stop(stop, false)))
                    .isInstanceOf(InterruptedException.class);
        }
        train("disturbed", BEST, config(60), new TrainingListener() {});
        assertThat(folder.resolve("disturbed-model/model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("calm-model/model.safetensors"));
    }

    @Test
    void aPauseAfterAValidationKeepsItsLoss() throws Exception {
        assertThatThrownBy(() -> train("paused", BEST, config(12), new Stop(8, false)))
                .isInstanceOf(InterruptedException.class);
        Path manifest = folder.resolve("paused/checkpoint-0000000008.json");
        assertThat(CheckpointManifest.read(manifest, CheckpointManifest.class).validationLoss())
                .isNotNull();
    }

    @Test
    void whereTheBestAreKeptACheckpointIsTakenAtEachValidation() throws Exception {
        var policy = new CheckpointPolicy(1, 5, 0, CheckpointPolicy.HandIn.LAST, false);
        train("kept", policy, config(12), new TrainingListener() {});
        assertThat(new CheckpointRetention(new FolderCheckpoints(folder.resolve("kept")), policy).steps())
                .containsExactly(4L, 8L, 12L);
    }

    /** A stop comes between two batches of held-out text: the validation is made up for, and told once. */
    @Test
    void aStopIsSeenDuringAValidation() throws Exception {
        train("calm", CheckpointPolicy.DEFAULTS, config(12), new TrainingListener() {});
        List<Long> validated = new ArrayList<>();
        for (long stop : new long[] {4, 12}) {
            assertThatThrownBy(() -> train("stopped", CheckpointPolicy.DEFAULTS, config(12), new Stop(stop, true) {
                        @Override
                        public void validated(long step, double loss) {
                            super.validated(step, loss);
                            validated.add(step);
                        }
                    }))
                    .isInstanceOf(InterruptedException.class);
        }
        assertThat(validated).containsExactly(4L, 8L);
        train("stopped", CheckpointPolicy.DEFAULTS, config(12), new TrainingListener() {
            @Override
            public void validated(long step, double loss) {
                validated.add(step);
            }
        });
        assertThat(validated).containsExactly(4L, 8L, 12L);
        assertThat(folder.resolve("stopped-model/model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("calm-model/model.safetensors"));
    }

    /** Stops after a step: before or after its validation. */
    private static class Stop implements TrainingListener {
        private final long step;
        private final boolean within;
        private long done;
        private long validated;

        Stop(long step, boolean within) {
            this.step = step;
            this.within = within;
        }

        @Override
        public void step(StepMetrics metrics) {
            done = metrics.step();
        }

        @Override
        public void validated(long after, double loss) {
            validated = after;
        }

        @Override
        public void checkStop() throws InterruptedException {
            boolean pending = step % 4 == 0 && validated < step;
            if (done == step && pending == within) {
                throw new InterruptedException("stop");
            }
        }
    }

    private Pretraining.Result train(
            String name, CheckpointPolicy policy, TrainingConfig config, TrainingListener listener)
            throws IOException, InterruptedException {
        Path work = Files.createDirectories(folder.resolve(name + "-work"));
        try (LanguageModel model = LanguageModel.create(CONFIG, 3, Device.cpu())) {
            Pretraining.Result result = new Pretraining(
                            model, config, TEXT, HELD_OUT, new FolderCheckpoints(folder.resolve(name)), work)
                    .keeping(policy)
                    .run(listener);
            model.save(folder.resolve(name + "-model"));
            return result;
        }
    }

    private static TrainingConfig config(int steps) {
        return TrainingConfig.builder(steps, 8)
                .precision(Precision.FP32)
                .schedule(LearningRateSchedule.Shape.CONSTANT)
                .learningRate(2e-2)
                .warmupSteps(2)
                .weightDecay(0)
                .checkpointEvery(5)
                .validateEvery(4)
                .validationTokens(1000)
                .seed(11)
                .build();
    }
}
