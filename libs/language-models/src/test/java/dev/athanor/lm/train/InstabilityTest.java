package dev.athanor.lm.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.Texts;
import dev.athanor.lm.data.TokenBatch;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.Transformer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstabilityTest {

    @TempDir
    Path folder;

    /** Learnable text, but for batches whose targets are what the text never has. */
    private record Poisoned(CausalObjective text, Set<Long> poisoned) implements Objective {
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
            long[] wrong = Arrays.stream(batch.targets_BT()).map(t -> 36).toArray();
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
    }

    @Test
    void skippedBatchesMoveTheOthersUp() {
        var order = new BatchOrder(new TreeSet<>(Set.of(2L, 3L, 7L)));
        assertThat(List.of(order.of(0), order.of(1), order.of(2), order.of(3), order.of(4), order.of(5)))
                .containsExactly(0L, 1L, 4L, 5L, 6L, 8L);
    }

    private Pretraining.Result run(Set<Long> poisoned, TrainingListener listener) throws Exception {
        ModelConfig config = ModelConfig.llama(37, 16, 1, 2, 32).build();
        var training = TrainingConfig.builder(80, 16)
                .precision(Precision.FP32)
                .learningRate(2e-2)
                .warmupSteps(4)
                .weightDecay(0)
                .checkpointEvery(10)
                .validationTokens(500)
                .seed(1)
                .build();
        // Id 36 is never seen in the text, so that a trained model finds it most improbable.
        var text = new CausalObjective(Texts.chain(36, 8000, 1), 16, 1, null, 100);
        try (LanguageModel model = LanguageModel.create(config, 2, Device.cpu())) {
            return new Pretraining(model, training, new Poisoned(text, poisoned), new FolderCheckpoints(folder), folder)
                    .run(listener);
        }
    }
}
