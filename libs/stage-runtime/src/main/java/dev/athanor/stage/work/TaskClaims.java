package dev.athanor.stage.work;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.stage.metrics.StageMetrics;
import dev.athanor.stage.persistence.InboxRows;
import dev.athanor.stage.persistence.StageRunRow;
import dev.athanor.stage.persistence.StageRunRows;
import dev.athanor.stage.persistence.StageTaskRow;
import dev.athanor.stage.persistence.StageTaskRows;
import dev.athanor.stage.run.RunCommand;
import dev.athanor.stage.run.RunEvent;
import dev.athanor.stage.run.StageMachine;
import dev.athanor.stage.run.TaskState;
import dev.athanor.stage.run.Transition;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.annotation.Transactional;

/**
 * Leases of tasks. Claiming and renewing lock the task's row alone; whatever may change the run locks the run's row
 * first, so there is one order of locks.
 */
public class TaskClaims {

    private final StageRunRows runs;
    private final StageTaskRows tasks;
    private final InboxRows clock;
    private final Transitions transitions;
    private final StageMachine machine;
    private final StageMetrics metrics;
    private final int maxLosses;
    private final String owner;

    public TaskClaims(
            StageRunRows runs,
            StageTaskRows tasks,
            InboxRows clock,
            Transitions transitions,
            StageMachine machine,
            StageMetrics metrics,
            int maxLosses,
            String owner) {
        this.runs = runs;
        this.tasks = tasks;
        this.clock = clock;
        this.transitions = transitions;
        this.machine = machine;
        this.metrics = metrics;
        this.maxLosses = maxLosses;
        this.owner = owner;
    }

    /** @param taskId the task to take, or null for the oldest that waits */
    @Transactional
    public Optional<ClaimedTask> claim(@Nullable String taskId) {
        Optional<StageTaskRow> candidate =
                taskId == null ? tasks.lockNextClaimable(maxLosses) : tasks.lockClaimable(taskId, maxLosses);
        return candidate.flatMap(this::claim);
    }

    private Optional<ClaimedTask> claim(StageTaskRow row) {
        StageRunRow run = run(row);
        TaskState before = row.state(run.run());
        Transition transition = machine.on(run.state(), before, new RunEvent.Claim(owner, clock.now()));
        TaskState task = transition.task();
        if (!transition.accepted() || task == null) {
            return Optional.empty();
        }
        row.apply(task);
        for (RunCommand command : transition.commands()) {
            if (command instanceof RunCommand.Tell tell) {
                transitions.tell(tell.event());
            }
        }
        if (task.losses() > before.losses()) {
            metrics.task(run.run().type(), "lost");
        }
        return Optional.of(new ClaimedTask(run.start(), task.id(), row.plan(), task.attempt(), task.fencing()));
    }

    /** Makes the lease last, and writes the progress down; false when the task is not ours any more or is to stop. */
    @Transactional
    public boolean renew(ClaimedTask claim, RunningTask.@Nullable Progress progress) {
        StageTaskRow row = tasks.lock(claim.id().key()).orElseThrow();
        StageRunRow run = run(row);
        Transition transition =
                machine.on(run.state(), row.state(run.run()), new RunEvent.Renew(claim.fencing(), clock.now()));
        if (!transition.accepted()) {
            return false;
        }
        row.apply(Objects.requireNonNull(transition.task()));
        if (progress != null) {
            row.progress(progress.done(), progress.total(), progress.unit(), progress.message());
        }
        return true;
    }

    /** Gives up tasks that cost too many workers. */
    @Transactional
    public void expireHopeless() {
        for (String id : tasks.hopeless(maxLosses)) {
            StageTaskRow found = tasks.findById(id).orElseThrow();
            StageRunRow run = runs.lock(found.runKey()).orElseThrow();
            StageTaskRow row = tasks.lock(id).orElseThrow();
            Instant now = clock.now();
            Transition transition = machine.on(run.state(), row.state(run.run()), new RunEvent.Expire(now));
            if (transition.accepted()) {
                row.apply(Objects.requireNonNull(transition.task()));
                transitions.carryOut(run, transition, now);
            }
        }
    }

    private StageRunRow run(StageTaskRow row) {
        return runs.findById(row.runKey()).orElseThrow(() -> AthanorException.notFound("stage run", row.runKey()));
    }
}
