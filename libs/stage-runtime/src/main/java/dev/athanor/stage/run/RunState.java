package dev.athanor.stage.run;

import dev.athanor.contracts.job.JobStatus;
import dev.athanor.contracts.message.StageRun;

/**
 * Where a stage run stands.
 *
 * @param status RUNNING, PAUSED, SUCCEEDED, FAILED or CANCELLED
 * @param phase what its open tasks are
 * @param round the round that is planned or executed; in the merge: the number of rounds that ran
 * @param open tasks of the phase that are not done
 */
public record RunState(StageRun run, JobStatus status, TaskId.Kind phase, int round, int open) {

    boolean terminal() {
        return status.terminal();
    }

    RunState with(JobStatus newStatus) {
        return new RunState(run, newStatus, phase, round, open);
    }

    RunState with(TaskId.Kind newPhase, int newRound, int newOpen) {
        return new RunState(run, status, newPhase, newRound, newOpen);
    }
}
