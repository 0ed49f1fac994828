package dev.athanor.stage.work;

import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import dev.athanor.stage.metrics.StageMetrics;
import dev.athanor.stage.persistence.InboxRows;
import dev.athanor.stage.persistence.StageRunRow;
import dev.athanor.stage.persistence.StageRunRows;
import dev.athanor.stage.persistence.StageTaskRow;
import dev.athanor.stage.persistence.StageTaskRows;
import dev.athanor.stage.persistence.StoredOutput;
import dev.athanor.stage.run.RunEvent;
import dev.athanor.stage.run.StageCalls;
import dev.athanor.stage.run.StageMachine;
import dev.athanor.stage.run.TaskId;
import dev.athanor.stage.run.Transition;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.annotation.Transactional;

/**
 * Takes in what workers made. Result, next tasks and messages are one transaction, guarded by the fencing token: each
 * method is false, and nothing has changed, when the worker does not hold the task any more.
 */
public class TaskResults {

    private final StageRunRows runs;
    private final StageTaskRows tasks;
    private final InboxRows clock;
    private final Transitions transitions;
    private final StageMachine machine;
    private final ProgressReporter progress;
    private final StageMetrics metrics;

    public TaskResults(
            StageRunRows runs,
            StageTaskRows tasks,
            InboxRows clock,
            Transitions transitions,
            StageMachine machine,
            ProgressReporter progress,
            StageMetrics metrics) {
        this.runs = runs;
        this.tasks = tasks;
        this.clock = clock;
        this.transitions = transitions;
        this.machine = machine;
        this.progress = progress;
        this.metrics = metrics;
    }

    @Transactional
    public boolean planned(ClaimedTask claim, List<TaskPlan> plan) {
        return apply(claim, new RunEvent.Planned(claim.fencing(), plan.size()), plan, null, null);
    }

    @Transactional
    public boolean executed(
            ClaimedTask claim, StoredOutput stored, TaskOutput output, RunningTask.@Nullable Progress last) {
        boolean accepted = apply(claim, new RunEvent.Executed(claim.fencing()), List.of(), stored, last);
        if (accepted) {
            metrics.counted(claim.id().run().type(), output.counts());
        }
        return accepted;
    }

    @Transactional
    public boolean merged(ClaimedTask claim, StageCalls.Published made) {
        return apply(
                claim,
                new RunEvent.Merged(claim.fencing(), made.artifact(), made.counts()),
                List.of(),
                new StoredOutput("\"" + made.artifact() + "\"", null),
                null);
    }

    @Transactional
    public boolean failed(ClaimedTask claim, ErrorCode code, String message) {
        Instant now = clock.now();
        boolean accepted =
                apply(claim, new RunEvent.Failed(claim.fencing(), code, message, now), List.of(), null, null);
        if (accepted) {
            tasks.findById(claim.id().key()).orElseThrow().because(message);
        }
        return accepted;
    }

    @Transactional
    public boolean released(ClaimedTask claim) {
        return apply(claim, new RunEvent.Release(claim.fencing()), List.of(), null, null);
    }

    /** Outputs of a finished round, in the order of its plan. */
    @Transactional(readOnly = true)
    public List<StoredOutput> outputs(String runKey, int round) {
        return tasks.ofRound(runKey, TaskId.Kind.EXECUTE, round).stream()
                .map(StageTaskRow::output)
                .toList();
    }

    private boolean apply(
            ClaimedTask claim,
            RunEvent.OfTask event,
            List<TaskPlan> plan,
            @Nullable StoredOutput output,
            RunningTask.@Nullable Progress last) {
        StageRunRow run = runs.lock(claim.runKey()).orElseThrow();
        StageTaskRow row = tasks.lock(claim.id().key()).orElseThrow();
        Transition transition = machine.on(run.state(), row.state(run.run()), event);
        if (!transition.accepted()) {
            return false;
        }
        row.apply(Objects.requireNonNull(transition.task()));
        if (output != null) {
            row.outputs(output);
        }
        if (last != null) {
            row.progress(last.done(), last.total(), last.unit(), last.message());
        }
        boolean endOfRound = event instanceof RunEvent.Executed && run.state().open() == 1;
        if (endOfRound) {
            progress.report(run);
        }
        transitions.carryOut(run, transition, plan, clock.now());
        return true;
    }
}
