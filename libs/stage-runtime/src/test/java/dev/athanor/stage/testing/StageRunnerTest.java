package dev.athanor.stage.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.spec.CleanSpec;
import dev.athanor.stage.WordCountStage;
import dev.athanor.stage.api.StageContext;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageRunnerTest {

    @TempDir
    Path folder;

    @Test
    void disturbancesChangeNothingButTheNumberOfCalls() throws Exception {
        var store = new LocalArtifactStore(folder);
        var calm = StageRunner.of(new WordCountStage(12, 0), store).seed(3).run();
        assertThat(calm.executions()).isEqualTo(22);
        assertThat(calm.rounds()).extracting(List::size).containsExactly(12, 10);
        assertThat(calm.manifest().kind()).isEqualTo(ArtifactKind.CLEAN_DOCUMENTS);
        assertThat(calm.manifest().counts()).containsEntry("words", 12_000L).containsEntry("documents.kept", 1080L);
        assertThat(calm.manifest().producer()).matches("preprocessing\\.clean@[0-9].*");
        for (long disturbance = 0; disturbance < 5; disturbance++) {
            var wild = StageRunner.of(new WordCountStage(12, 0), store)
                    .seed(3)
                    .workers(4)
                    .disturbed(disturbance)
                    .run();
            assertThat(wild.artifact()).isEqualTo(calm.artifact());
            assertThat(wild.executions()).isGreaterThan(30);
        }
        assertThat(StageRunner.of(new WordCountStage(12, 0), store)
                        .seed(4)
                        .run()
                        .artifact())
                .isNotEqualTo(calm.artifact());
    }

    @Test
    void aStageThatDependsOnTheOrderOfCompletionIsFoundOut() throws Exception {
        var store = new LocalArtifactStore(folder);
        class Impure extends WordCountStage {
            private final AtomicLong calls = new AtomicLong();

            Impure() {
                super(12, 0);
            }

            @Override
            public TaskOutput execute(TaskContext<CleanSpec> context) throws IOException, InterruptedException {
                var output = super.execute(context);
                output.counts().put("call", calls.incrementAndGet());
                return output;
            }
        }
        var calm = StageRunner.of(new Impure(), store).run();
        var wild = StageRunner.of(new Impure(), store).disturbed(1).run();
        assertThat(wild.artifact()).isNotEqualTo(calm.artifact());
    }

    @Test
    void aTasksFailureIsThrownAndDoubleNamesAreRefused() throws Exception {
        var store = new LocalArtifactStore(folder);
        var failing = new WordCountStage(2, 0) {
            @Override
            public TaskOutput execute(TaskContext<CleanSpec> context) {
                throw new IllegalArgumentException("no");
            }
        };
        assertThatThrownBy(() -> StageRunner.of(failing, store).run()).hasMessage("no");
        var doubled = new WordCountStage(2, 0) {
            @Override
            public List<TaskPlan> plan(StageContext<CleanSpec> context) {
                TaskPlan one = super.plan(context).getFirst();
                return List.of(one, one);
            }
        };
        assertThatThrownBy(() -> StageRunner.of(doubled, store).run())
                .isInstanceOf(AthanorException.class)
                .hasMessageContaining("count-0");
    }
}
