package dev.athanor.stage.run;

import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.job.JobStatus;
import dev.athanor.contracts.message.StageEvent;
import dev.athanor.stage.run.RunCommand.CloseTasks;
import dev.athanor.stage.run.RunCommand.DeadLetter;
import dev.athanor.stage.run.RunCommand.Offer;
import dev.athanor.stage.run.RunCommand.OfferAll;
import dev.athanor.stage.run.RunCommand.Open;
import dev.athanor.stage.run.RunCommand.StopWorkers;
import dev.athanor.stage.run.RunCommand.Tell;
import dev.athanor.stage.run.TaskId.Kind;
import dev.athanor.stage.run.TaskState.Status;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The logic of a stage run without I/O: rounds of plan and execute, then merge; tasks with leases, fencing tokens and
 * retries; pause, resume, cancel. (state, event) to (state, commands). The caller keeps the state of the run and of each
 * task, serializes the events of one run that may change the run's state (all but Claim and Renew), and carries out the
 * commands together with the new state.
 *
 * <p>A word about one task counts only from the holder of its latest fencing token, so whatever comes twice or late is
 * refused; whatever is lost is made up for by the end of the lease.
 */
public final class StageMachine {

    /**
     * How patient to be.
     *
     * @param lease how long a worker may be silent
     * @param maxFailures attempts that may fail before the task is dead
     * @param maxLosses workers that may die on a task before the task is dead
     * @param backoff wait after the first failure; doubled with each more
     */
    public record Policy(Duration lease, int maxFailures, int maxLosses, Duration backoff) {

        public static final Policy DEFAULT = new Policy(Duration.ofSeconds(10), 3, 10, Duration.ofSeconds(1));
    }

    private static final int MAX_BACKOFF_DOUBLINGS = 6;

    private final Policy policy;

    public StageMachine(Policy policy) {
        this.policy = policy;
    }

    /** @param run null while nobody has heard of it */
    public Transition on(@Nullable RunState run, RunEvent.OfRun event) {
        return switch (event) {
            case RunEvent.Start e -> run != null ? Transition.refused(run, null) : start(e);
            case RunEvent.Cancel e -> cancel(run, e);
            case RunEvent.Pause e ->
                run == null || run.status() != JobStatus.RUNNING
                        ? Transition.refused(run, null)
                        : Transition.to(
                                run.with(JobStatus.PAUSED),
                                null,
                                new StopWorkers(),
                                new Tell(new StageEvent.Paused(run.run())));
            case RunEvent.Resume e ->
                run == null || run.status() != JobStatus.PAUSED
                        ? Transition.refused(run, null)
                        : Transition.to(
                                run.with(JobStatus.RUNNING),
                                null,
                                new OfferAll(),
                                new Tell(new StageEvent.Resumed(run.run())));
        };
    }

    public Transition on(RunState run, TaskState task, RunEvent.OfTask event) {
        if (run.terminal()) {
            return Transition.refused(run, task);
        }
        return switch (event) {
            case RunEvent.Claim e -> claim(run, task, e);
            case RunEvent.Renew e ->
                run.status() == JobStatus.RUNNING && task.heldWith(e.fencing())
                        ? Transition.to(run, task.until(e.now().plus(policy.lease())))
                        : Transition.refused(run, task);
            case RunEvent.Expire e ->
                task.expired(e.now()) && task.losses() + 1 >= policy.maxLosses()
                        ? fail(
                                run,
                                task,
                                ErrorCode.TASK_FAILED,
                                "its worker stopped answering " + (task.losses() + 1) + " times")
                        : Transition.refused(run, task);
            case RunEvent.Planned e ->
                task.heldWith(e.fencing()) && task.id().kind() == Kind.PLAN
                        ? planned(run, task, e.tasks())
                        : Transition.refused(run, task);
            case RunEvent.Executed e ->
                task.heldWith(e.fencing()) && task.id().kind() == Kind.EXECUTE
                        ? executed(run, task)
                        : Transition.refused(run, task);
            case RunEvent.Merged e ->
                task.heldWith(e.fencing()) && task.id().kind() == Kind.MERGE
                        ? Transition.to(
                                run.with(JobStatus.SUCCEEDED).with(Kind.MERGE, run.round(), 0),
                                task.ended(Status.DONE),
                                new Tell(new StageEvent.Completed(run.run(), e.artifact(), e.counts())))
                        : Transition.refused(run, task);
            case RunEvent.Failed e -> task.heldWith(e.fencing()) ? failed(run, task, e) : Transition.refused(run, task);
            case RunEvent.Release e ->
                task.heldWith(e.fencing())
                        ? Transition.to(run, task.readyAgain(task.failures(), null), new Offer(task.id()))
                        : Transition.refused(run, task);
        };
    }

    private static Transition start(RunEvent.Start e) {
        return Transition.to(
                new RunState(e.run(), JobStatus.RUNNING, Kind.PLAN, 0, 1),
                null,
                new Tell(new StageEvent.Started(e.run())),
                new Open(Kind.PLAN, 0, 1));
    }

    /** A cancelled run is remembered even when it is not known yet, so that a late start cannot begin it. */
    private static Transition cancel(@Nullable RunState run, RunEvent.Cancel e) {
        if (run != null && run.terminal()) {
            return Transition.refused(run, null);
        }
        RunState before = run != null ? run : new RunState(e.run(), JobStatus.PENDING, Kind.PLAN, 0, 0);
        return Transition.to(
                before.with(JobStatus.CANCELLED),
                null,
                new StopWorkers(),
                new CloseTasks(),
                new Tell(new StageEvent.Cancelled(e.run())));
    }

    private Transition claim(RunState run, TaskState task, RunEvent.Claim e) {
        Instant until = e.now().plus(policy.lease());
        if (run.status() != JobStatus.RUNNING) {
            return Transition.refused(run, task);
        }
        if (task.waiting(e.now())) {
            return Transition.to(run, task.leased(e.owner(), until, task.losses()));
        }
        if (task.expired(e.now()) && task.losses() + 1 < policy.maxLosses()) {
            TaskState leased = task.leased(e.owner(), until, task.losses() + 1);
            return Transition.to(
                    run,
                    leased,
                    new Tell(new StageEvent.TaskRetried(
                            run.run(),
                            task.id().key(),
                            leased.attempt(),
                            "worker " + task.owner() + " stopped answering")));
        }
        return Transition.refused(run, task);
    }

    private static Transition planned(RunState run, TaskState task, int tasks) {
        TaskState done = task.ended(Status.DONE);
        return tasks == 0
                ? Transition.to(run.with(Kind.MERGE, run.round(), 1), done, new Open(Kind.MERGE, run.round(), 1))
                : Transition.to(
                        run.with(Kind.EXECUTE, run.round(), tasks), done, new Open(Kind.EXECUTE, run.round(), tasks));
    }

    private static Transition executed(RunState run, TaskState task) {
        TaskState done = task.ended(Status.DONE);
        int next = run.round() + 1;
        return run.open() > 1
                ? Transition.to(run.with(Kind.EXECUTE, run.round(), run.open() - 1), done)
                : Transition.to(run.with(Kind.PLAN, next, 1), done, new Open(Kind.PLAN, next, 1));
    }

    private Transition failed(RunState run, TaskState task, RunEvent.Failed e) {
        int failures = task.failures() + 1;
        if (!e.code().retryable() || failures >= policy.maxFailures()) {
            return fail(run, task, e.code(), e.message());
        }
        int doublings = Math.min(failures - 1, MAX_BACKOFF_DOUBLINGS);
        return Transition.to(
                run,
                task.readyAgain(failures, e.now().plus(policy.backoff().multipliedBy(1L << doublings))),
                new Tell(new StageEvent.TaskRetried(run.run(), task.id().key(), task.attempt() + 1, e.message())));
    }

    private static Transition fail(RunState run, TaskState task, ErrorCode code, String message) {
        return Transition.to(
                run.with(JobStatus.FAILED),
                task.ended(Status.DEAD),
                new DeadLetter(task.id(), message),
                new StopWorkers(),
                new CloseTasks(),
                new Tell(new StageEvent.Failed(
                        run.run(), code, "task " + task.id().key() + ": " + message)));
    }
}
