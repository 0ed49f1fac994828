package dev.athanor.stage.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.job.JobStatus;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.message.StageEvent;
import dev.athanor.contracts.message.StageRun;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class StageMachineTest {

    private static final StageRun RUN = new StageRun("job", "stage", StageType.CLEAN, 1);
    private static final TaskId TASK = new TaskId(RUN, TaskId.Kind.EXECUTE, 0, 0);
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final StageMachine machine =
            new StageMachine(new StageMachine.Policy(Duration.ofSeconds(10), 3, 2, SECOND));

    /** Doubled, late and lost words, pauses and silent workers: the work is done all the same. */
    @Property(tries = 400)
    void withoutFailuresEveryRunSucceedsInTheEnd(
            @ForAll long seed, @ForAll @IntRange(max = 4) int first, @ForAll @IntRange(max = 3) int second) {
        int[] rounds = first == 0 ? new int[0] : second == 0 ? new int[] {first} : new int[] {first, second};
        var cluster = new SimulatedCluster(rounds);
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            cluster.step(random, false);
        }
        cluster.calmDown();
        assertThat(cluster.run().status()).isIn(JobStatus.SUCCEEDED, JobStatus.FAILED);
        if (cluster.run().status() == JobStatus.FAILED) {
            assertThat(cluster.told(StageEvent.Failed.class).getFirst().message())
                    .contains("stopped answering");
        }
    }

    @Property(tries = 400)
    void whateverHappensARunEndsOnceAndConsistently(@ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int tasks) {
        var cluster = new SimulatedCluster(tasks, 2);
        Random random = new Random(seed);
        for (int i = 0; i < 400; i++) {
            cluster.step(random, true);
        }
        cluster.calmDown();
        assertThat(cluster.run().status().terminal()).isTrue();
        assertThat(cluster.told(StageEvent.Started.class)).hasSize(1);
    }

    @Property(tries = 200)
    void aCancelledRunIsNeverBegunOrContinued(@ForAll long seed, @ForAll @IntRange(max = 150) int stepsBefore) {
        var cluster = new SimulatedCluster(3, 2);
        Random random = new Random(seed);
        for (int i = 0; i < stepsBefore; i++) {
            cluster.step(random, true);
        }
        boolean ended = cluster.run() != null && cluster.run().terminal();
        cluster.cancel();
        RunState cancelled = cluster.run();
        for (int i = 0; i < 100; i++) {
            cluster.step(random, true);
        }
        cluster.calmDown();
        assertThat(cluster.run()).isEqualTo(cancelled);
        assertThat(cluster.told(StageEvent.Cancelled.class)).hasSize(ended ? 0 : 1);
    }

    private static RunState running() {
        return new RunState(RUN, JobStatus.RUNNING, TaskId.Kind.EXECUTE, 0, 1);
    }

    private TaskState claimed(TaskState task, Instant at) {
        Transition claim = machine.on(running(), task, new RunEvent.Claim("w", at));
        assertThat(claim.accepted()).isTrue();
        return claim.task();
    }

    @Test
    void aZombiesResultIsRefused() {
        TaskState first = claimed(TaskState.ready(TASK), NOW);
        TaskState second = claimed(first, NOW.plusSeconds(11));
        assertThat(machine.on(running(), second, new RunEvent.Executed(first.fencing()))
                        .accepted())
                .isFalse();
        assertThat(machine.on(running(), second, new RunEvent.Executed(second.fencing()))
                        .accepted())
                .isTrue();
    }

    @Test
    void aLeaseThatIsRenewedCannotBeTaken() {
        TaskState first = claimed(TaskState.ready(TASK), NOW);
        TaskState renewed = machine.on(running(), first, new RunEvent.Renew(first.fencing(), NOW.plusSeconds(9)))
                .task();
        assertThat(machine.on(running(), renewed, new RunEvent.Claim("x", NOW.plusSeconds(15)))
                        .accepted())
                .isFalse();
        assertThat(machine.on(running(), renewed, new RunEvent.Claim("x", NOW.plusSeconds(20)))
                        .accepted())
                .isTrue();
    }

    @Test
    void theThirdFailureIsTheLastAndWaitsGrow() {
        TaskState task = TaskState.ready(TASK);
        Instant at = NOW;
        for (int failure = 1; failure <= 2; failure++) {
            task = claimed(task, at);
            Transition failed =
                    machine.on(running(), task, new RunEvent.Failed(task.fencing(), ErrorCode.TASK_FAILED, "no", at));
            task = failed.task();
            assertThat(task.notBefore()).isEqualTo(at.plusSeconds(failure));
            assertThat(machine.on(running(), task, new RunEvent.Claim("w", at)).accepted())
                    .as("not before its time")
                    .isFalse();
            at = at.plusSeconds(failure);
        }
        task = claimed(task, at);
        Transition last =
                machine.on(running(), task, new RunEvent.Failed(task.fencing(), ErrorCode.TASK_FAILED, "no", at));
        assertThat(last.run().status()).isEqualTo(JobStatus.FAILED);
        assertThat(last.commands()).anyMatch(RunCommand.DeadLetter.class::isInstance);
    }

    @Test
    void aFailureThatCannotPassIsNotTriedAgain() {
        TaskState task = claimed(TaskState.ready(TASK), NOW);
        Transition failed =
                machine.on(running(), task, new RunEvent.Failed(task.fencing(), ErrorCode.INVALID_SPEC, "no", NOW));
        assertThat(failed.run().status()).isEqualTo(JobStatus.FAILED);
    }

    @Test
    void aTaskThatCostsTooManyWorkersIsGivenUp() {
        TaskState task = claimed(claimed(TaskState.ready(TASK), NOW), NOW.plusSeconds(11));
        Instant later = NOW.plusSeconds(30);
        assertThat(machine.on(running(), task, new RunEvent.Claim("w", later)).accepted())
                .isFalse();
        assertThat(machine.on(running(), task, new RunEvent.Expire(later)).run().status())
                .isEqualTo(JobStatus.FAILED);
    }
}
