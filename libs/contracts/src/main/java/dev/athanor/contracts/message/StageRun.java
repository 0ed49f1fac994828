package dev.athanor.contracts.message;

import dev.athanor.contracts.error.Checks;
import dev.athanor.contracts.job.StageType;

/**
 * One attempt at one stage of one job.
 *
 * @param attempt 1 for the first; a retry by the user is the next attempt
 */
public record StageRun(String jobId, String stageId, StageType type, int attempt) {

    public StageRun {
        Checks.notBlank("jobId", jobId);
        Checks.notBlank("stageId", stageId);
        Checks.present("type", type);
        Checks.range("attempt", attempt, 1, 1_000_000);
    }

    /** Unique key of this run. */
    public String key() {
        return jobId + "/" + stageId + "/" + attempt;
    }
}
