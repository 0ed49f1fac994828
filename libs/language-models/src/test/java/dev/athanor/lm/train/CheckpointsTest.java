package dev.athanor.lm.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.Texts;
import dev.athanor.lm.model.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {

    @TempDir
    Path folder;

    @Test
    void keepsTheNewestTheBestAndEveryNth() throws Exception {
        var losses = new ArrayList<Double>();
        train(
                "kept",
                new CheckpointPolicy(2, 1, 6, CheckpointPolicy.HandIn.LAST, false),
                TrainingLedger.NONE,
                new TrainingListener() {
                    @Override
                    public void validated(long step, double loss) {
                        if (step % 2 == 0 && (step < 14)) {
                            losses.add(loss);
                        }
                    }
                });
        int best = losses.indexOf(losses.stream().min(Double::compare).orElseThrow()) + 1;
        assertThat(steps("kept")).contains(14L, 13L, 12L, 6L, 0L, 2L * best);
        assertThat(steps("kept")).hasSizeLessThanOrEqualTo(6);
        // No file is left of the others.
        try (Stream<Path> files = Files.list(folder.resolve("kept"))) {
            assertThat(files.map(f -> f.getFileName().toString())
                            .filter(name -> !name.endsWith(".json"))
                            .map(name -> Long.parseLong(name.substring(11, 21))))
                    .containsExactlyInAnyOrderElementsOf(steps("kept"));
        }
    }

    @Test
    void aCompressedCheckpointResumesToTheSameBytes() throws Exception {
        train("plain", CheckpointPolicy.DEFAULTS, TrainingLedger.NONE, new TrainingListener() {});
        var policy = new CheckpointPolicy(2, 0, 0, CheckpointPolicy.HandIn.LAST, true);
        TrainingListener stop = new TrainingListener() {
            private long done;

            @Override
            public void step(StepMetrics metrics) {
                done = metrics.step();
            }

            @Override
            public void checkStop() throws InterruptedException {
                if (done == 7) {
                    throw new InterruptedException("stop");
                }
            }
        };
        assertThatThrownBy(() -> train("zst", policy, TrainingLedger.NONE, stop))
                .isInstanceOf(InterruptedException.class);
        assertThat(folder.resolve("zst/checkpoint-0000000007-g0-0of1-0.safetensors.zst"))
                .exists();
        train("zst", policy, TrainingLedger.NONE, new TrainingListener() {});
        assertThat(folder.resolve("zst-model/model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("plain-model/model.safetensors"));
    }

    /** What counts is what the ledger was told with a published checkpoint: each batch once, over any number of attempts. */
    @Test
    void theLedgerSeesEachBatchOnce() throws Exception {
        var attempts = new ArrayList<RecordingLedger>();
        for (long killAt : new long[] {3, 8, 9, -1}) {
            var ledger = new RecordingLedger(attempts.size() + 1L);
            attempts.add(ledger);
            TrainingListener killed = new TrainingListener() {
                @Override
                public void step(StepMetrics metrics) {
                    if (metrics.step() == killAt) {
                        throw new IllegalStateException("killed");
                    }
                }
            };
            if (killAt > 0) {
                assertThatThrownBy(() -> train("ledger", CheckpointPolicy.DEFAULTS, ledger, killed))
                        .hasMessage("killed");
            } else {
                train("ledger", CheckpointPolicy.DEFAULTS, ledger, killed);
            }
        }
        List<ConsumedBatches> all = attempts.getLast().committed;
        long next = 0;
        for (ConsumedBatches run : all) {
            assertThat(run.first()).isEqualTo(next);
            next = run.end();
        }
        assertThat(next).isEqualTo(14);
        assertThat(all).hasSizeGreaterThan(1);
        assertThat(attempts.get(1).resumed).isEqualTo(attempts.get(0).committed);
    }

    @Test
    void aCheckpointThatTheLedgerRefusesIsNotThere() throws Exception {
        var fenced = new TrainingLedger() {
            @Override
            public void commit(long step, List<ConsumedBatches> consumed, Publication checkpoint) throws IOException {
                throw new IOException("a later group has begun");
            }
        };
        assertThatThrownBy(() -> train("fenced", CheckpointPolicy.DEFAULTS, fenced, new TrainingListener() {}))
                .hasMessage("a later group has begun");
        assertThat(steps("fenced")).isEmpty();
    }

    private static final class RecordingLedger implements TrainingLedger {
        private final long generation;
        private volatile List<ConsumedBatches> committed = List.of();
        private volatile List<ConsumedBatches> resumed = List.of();

        RecordingLedger(long generation) {
            this.generation = generation;
        }

        @Override
        public long generation() {
            return generation;
        }

        @Override
        public void resumed(List<ConsumedBatches> consumed) {
            resumed = consumed;
        }

        @Override
        public void commit(long step, List<ConsumedBatches> consumed, Publication checkpoint) throws IOException {
            checkpoint.publish();
            committed = consumed;
        }
    }

    private List<Long> steps(String name) throws IOException {
        return new CheckpointRetention(new FolderCheckpoints(folder.resolve(name)), CheckpointPolicy.DEFAULTS).steps();
    }

    /** 14 steps with a checkpoint after each, validated after every second. */
    private void train(String name, CheckpointPolicy policy, TrainingLedger ledger, TrainingListener listener)
            throws IOException, InterruptedException {
        Path work = Files.createDirectories(folder.resolve(name + "-work"));
        try (LanguageModel model =
                LanguageModel.create(ModelConfig.llama(37, 8, 1, 2, 16).build(), 3, Device.cpu())) {
            new Pretraining(
                            model,
                            config(),
                            Texts.chain(37, 2000, 1),
                            Texts.chain(37, 100, 2),
                            new FolderCheckpoints(folder.resolve(name)),
                            work)
                    .keeping(policy)
                    .accountingTo(ledger)
                    .run(listener);
            model.save(folder.resolve(name + "-model"));
        }
    }

    private static TrainingConfig config() {
        return TrainingConfig.builder(14, 4)
                .precision(Precision.FP32)
                .learningRate(1e-2)
                .warmupSteps(2)
                .checkpointEvery(1)
                .validateEvery(2)
                .validationTokens(1000)
                .seed(11)
                .build();
    }
}
