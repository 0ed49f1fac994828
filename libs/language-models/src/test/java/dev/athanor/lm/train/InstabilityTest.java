package dev.athanor.lm.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import dev.athanor.libtorch.RawData;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.Texts;
import dev.athanor.lm.data.TokenBatch;
import dev.athanor.lm.data.TokenStream;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.Transformer;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstabilityTest {

    private static final ModelConfig SHAPE = ModelConfig.llama(37, 16, 1, 2, 32).build();

    @TempDir
    Path folder;

    /** Learnable text, but for batches whose targets are what the text never has. */
    private record Poisoned(CausalObjective text, Set<Long> poisoned, int everyNth) implements Objective {
        @Override
        public long samples() {
            return text.samples();
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public TokenBatch batch(long step, int rows) {
            TokenBatch batch = text.batch(step, rows);
            if (!poisoned.contains(step)) {
                return batch;
            }
            long[] wrong = batch.targets_BT().clone();
            for (int i = 0; i < wrong.length; i += everyNth) {
                wrong[i] = 36;
            }
            return new TokenBatch(rows, batch.length(), batch.inputs_BT(), wrong);
        }

        @Override
        public int validationBatches(int rows) {
            return 0;
        }

        @Override
        public Score validate(Transformer transformer, Device device, int rows, int batch) {
            throw new IllegalStateException("there is no held-out text");
        }

        @Override
        public String fingerprint() {
            return "poisoned";
        }
    }

    @Test
    void aJumpOfTheLossGoesBackAndLeavesTheBatchOut() throws Exception {
        var rolledBack = new ArrayList<String>();
        List<Long> steps = new ArrayList<>();
        Pretraining.Result result = run(Set.of(65L, 71L), new TrainingListener() {
            @Override
            public void step(StepMetrics metrics) {
                steps.add(metrics.step());
            }

            @Override
            public void rolledBack(long brokenStep, long resumedStep, String reason) {
                rolledBack.add(brokenStep + " to " + resumedStep);
            }
        });
        assertThat(result.skippedBatches()).isEqualTo(2);
        // Batch 65 is step 66's; with it left out, batch 71 is step 71's.
        assertThat(rolledBack).containsExactly("66 to 60", "71 to 70");
        assertThat(steps).hasSize(80 + 5).endsWith(80L);
        assertThat(result.lossAverage()).isLessThan(1.8);
    }

    @Test
    void tooManyBadBatchesEndTheRun() {
        assertThatThrownBy(() -> run(Set.of(61L, 62L, 63L, 64L, 65L), new TrainingListener() {}))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("3 batches were left out already");
        assertThatThrownBy(() ->
                        run(config().maxSkipped(0).build(), text(), Set.of(61L), 1, new TrainingListener() {}, "none"))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("0 batches were left out already");
    }

    /** A text that is known by heart, loss 0.0: in one batch every eighth target is wrong, which adds about a nat. */
    @Test
    void aSmallLossJumpsToo() throws Exception {
        var counting = new int[4000];
        for (int i = 0; i < counting.length; i++) {
            counting[i] = i % 36;
        }
        var text = new CausalObjective(TokenStream.of(counting), 16, 1, null, 100);
        var told = new ArrayList<String>();
        List<Double> losses = new ArrayList<>();
        // The running mean has to come down too.
        run(
                config().steps(200).build(),
                text,
                Set.of(185L),
                8,
                new TrainingListener() {
                    @Override
                    public void step(StepMetrics metrics) {
                        losses.add(metrics.loss());
                    }

                    @Override
                    public void rolledBack(long brokenStep, long resumedStep, String reason) {
                        told.add(reason);
                    }
                },
                "small");
        assertThat(losses.get(180)).isLessThan(0.1);
        assertThat(told).hasSize(1);
        double jump = Double.parseDouble(told.getFirst().replaceFirst(".*loss ([0-9.]+),.*", "$1"));
        assertThat(jump).isBetween(0.5, 2.0);
    }

    /** Weights or gradients that are no numbers are those of the last checkpoint again. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLossOrAGradientThatIsNoNumberGoesBack(boolean loss) throws Exception {
        var told = new ArrayList<String>();
        List<Double> losses = new ArrayList<>();
        try (LanguageModel model = LanguageModel.create(SHAPE, 2, Device.cpu())) {
            NDArray weight = model.parameter("layers.0.attention.qkv.weight");
            Pretraining.Result result = run(
                    model,
                    config().build(),
                    text(),
                    Set.of(),
                    1,
                    new TrainingListener() {
                        private boolean done;

                        @Override
                        public void step(StepMetrics metrics) {
                            losses.add(metrics.loss());
                            if (loss && metrics.step() == 65 && !done) {
                                done = true;
                                RawData.write(weight, bytes -> bytes.set(ValueLayout.JAVA_FLOAT, 0, Float.NaN));
                            }
                        }

                        @Override
                        public boolean wantsGradients(long step) {
                            return true;
                        }

                        @Override
                        public void gradients(long step, SortedMap<String, GradientStatistics> statistics) {
                            if (!loss && step == 66 && !done) {
                                done = true;
                                RawData.write(
                                        weight.getGradient(), bytes -> bytes.set(ValueLayout.JAVA_FLOAT, 0, Float.NaN));
                            }
                        }

                        @Override
                        public void rolledBack(long brokenStep, long resumedStep, String reason) {
                            told.add(brokenStep + " to " + resumedStep + " " + reason);
                        }
                    },
                    "numbers");
            assertThat(result.skippedBatches()).isEqualTo(1);
            assertThat(told).hasSize(1);
            assertThat(told.getFirst()).startsWith("66 to 60").contains(loss ? "loss NaN" : "gradient norm NaN");
            assertThat(losses).hasSize(80 + 5).doesNotContain(Double.NaN);
            assertThat(result.lossAverage()).isLessThan(1.8);
        }
    }

    @Test
    void theTrendJumpsAtAnyHeight() {
        LossTrend small = LossTrend.NONE;
        LossTrend wide = LossTrend.NONE;
        var random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            small = small.plus(0.1 + 0.01 * random.nextGaussian());
            // It falls from 6 to 3, as in the first steps.
            wide = wide.plus(3 + 3 * Math.exp(-i / 200.0) + 0.2 * random.nextGaussian());
        }
        assertThat(small.jumpsTo(0.5)).isFalse();
        assertThat(small.jumpsTo(0.7)).isTrue();
        assertThat(wide.deviation()).isBetween(0.15, 0.25);
        assertThat(wide.jumpsTo(4.0)).isFalse();
        assertThat(wide.jumpsTo(5.2)).isTrue();
    }

    @Test
    void skippedBatchesMoveTheOthersUp() {
        var order = new BatchOrder(new TreeSet<>(Set.of(2L, 3L, 7L)));
        assertThat(List.of(order.of(0), order.of(1), order.of(2), order.of(3), order.of(4), order.of(5)))
                .containsExactly(0L, 1L, 4L, 5L, 6L, 8L);
    }

    private Pretraining.Result run(Set<Long> poisoned, TrainingListener listener) throws Exception {
        return run(config().build(), text(), poisoned, 1, listener, "checkpoints");
    }

    private Pretraining.Result run(
            TrainingConfig training,
            CausalObjective text,
            Set<Long> poisoned,
            int everyNth,
            TrainingListener listener,
            String name)
            throws Exception {
        try (LanguageModel model = LanguageModel.create(SHAPE, 2, Device.cpu())) {
            return run(model, training, text, poisoned, everyNth, listener, name);
        }
    }

    private Pretraining.Result run(
            LanguageModel model,
            TrainingConfig training,
            CausalObjective text,
            Set<Long> poisoned,
            int everyNth,
            TrainingListener listener,
            String name)
            throws Exception {
        return new Pretraining(
                        model,
                        training,
                        new Poisoned(text, poisoned, everyNth),
                        new FolderCheckpoints(folder.resolve(name)),
                        folder)
                .run(listener);
    }

    /** Id 36 is never seen, so that a trained model finds it most improbable. */
    private static CausalObjective text() {
        return new CausalObjective(Texts.chain(36, 8000, 1), 16, 1, null, 100);
    }

    private static TrainingConfig.Builder config() {
        return TrainingConfig.builder(80, 16)
                .precision(Precision.FP32)
                .learningRate(2e-2)
                .warmupSteps(4)
                .weightDecay(0)
                .checkpointEvery(10)
                .validationTokens(500)
                .seed(1);
    }
}
