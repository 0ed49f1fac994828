package dev.athanor.trainer.pretraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.message.MetricPoint;
import dev.athanor.contracts.message.StageCommand;
import dev.athanor.lm.train.TrainingListener;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import dev.athanor.stage.run.StageCalls;
import dev.athanor.stage.run.TaskId;
import dev.athanor.stage.run.TaskSignals;
import dev.athanor.stage.run.WorkFolders;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A task that is to stop (paused, cancelled, moved) makes no further step, and the next attempt goes on with the very next. */
class StopTest {

    private static final String SPEC = """
            {"model": {"style": "llama", "layers": 1, "heads": 2, "keyValueHeads": 2, "width": 16, "context": 16},
             "steps": 9, "batchSize": 4, "precision": "fp32", "device": "cpu", "warmupSteps": 2,
             "checkpointEverySteps": 4, "validateEverySteps": 3}""";

    @TempDir
    Path folder;

    @Test
    void aStopActsBeforeTheNextStep() throws Exception {
        try (var store = new LocalArtifactStore(folder.resolve("store"))) {
            var artifacts = new TokenArtifacts(store, folder);
            ArtifactId tokens = artifacts.tokens(3, 10);
            ArtifactId tokenizer = artifacts.tokenizer();
            var calm = new Signals(Long.MAX_VALUE);
            TaskOutput undisturbed = execute(store, "calm", tokens, tokenizer, calm);
            assertThat(calm.steps).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
            long last = 0;
            // That after step 6 is seen in its validation.
            for (long stop : new long[] {1, 4, 6, 8}) {
                var signals = new Signals(stop);
                assertThatThrownBy(() -> execute(store, "stopped", tokens, tokenizer, signals))
                        .isInstanceOf(InterruptedException.class)
                        .hasMessage("paused");
                assertThat(signals.steps.getFirst()).isEqualTo(last + 1);
                assertThat(signals.steps.getLast()).isEqualTo(stop);
                last = stop;
            }
            var rest = new Signals(Long.MAX_VALUE);
            TaskOutput resumed = execute(store, "stopped", tokens, tokenizer, rest);
            assertThat(rest.steps).containsExactly(9L);
            assertThat(resumed.files()).isEqualTo(undisturbed.files());
        }
    }

    private TaskOutput execute(
            LocalArtifactStore store, String job, ArtifactId tokens, ArtifactId tokenizer, Signals signals)
            throws Exception {
        var start = new StageCommand.Start(
                WorkerProcess.run(job),
                Json.tree(StageType.PRETRAIN.readSpec(Json.MAPPER.readTree(SPEC))),
                new TreeMap<>(Map.of("tokens", tokens, "tokenizer", tokenizer)),
                5);
        var stage = new PretrainStage(new TrainingListener() {}, new SoloGroups());
        var calls = new StageCalls<>(stage, store, new WorkFolders(folder.resolve("work")));
        return calls.execute(
                start,
                new TaskId(start.run(), TaskId.Kind.EXECUTE, 0, 0),
                new TaskPlan("worker-0", Json.tree(Map.of("slot", 0))),
                round -> List.of(),
                signals);
    }

    /** Is told to stop while a step is under way. */
    private static final class Signals implements TaskSignals {
        private final long stopAt;
        private final List<Long> steps = new ArrayList<>();

        Signals(long stopAt) {
            this.stopAt = stopAt;
        }

        @Override
        public void progress(long done, long total, String unit, String message) {
            steps.add(done);
        }

        @Override
        public void metrics(List<MetricPoint> points) {}

        @Override
        public long fencing() {
            return 1;
        }

        @Override
        public void checkStop() throws InterruptedException {
            if (!steps.isEmpty() && steps.getLast() >= stopAt) {
                throw new InterruptedException("paused");
            }
        }
    }
}
