package dev.athanor.gateway.job;

import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.job.JobStatus;
import dev.athanor.contracts.message.StageEvent;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one stage.
 *
 * @param status RUNNING from the moment that the command to start goes out
 * @param attempt 1 for the first
 * @param startedAt when the service said that it began; null before
 * @param progress last one of this attempt
 * @param artifact where the status is SUCCEEDED
 * @param error where the status is FAILED
 * @param taskRetries tasks of this attempt that were run again
 * @param deadLetters messages and tasks of this attempt that were given up
 */
public record StageState(
        String id,
        JobStatus status,
        int attempt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable Progress progress,
        @Nullable ArtifactId artifact,
        SortedMap<String, Long> counts,
        @Nullable Failure error,
        long taskRetries,
        long deadLetters) {

    /** See {@link StageEvent.Progressed}. */
    public record Progress(
            Instant at,
            String phase,
            long done,
            long total,
            String unit,
            double perSecond,
            @Nullable String message) {}

    public record Failure(ErrorCode code, String message) {}

    public StageState {
        counts = new TreeMap<>(counts);
    }

    static StageState pending(String id, int attempt) {
        return new StageState(id, JobStatus.PENDING, attempt, null, null, null, null, new TreeMap<>(), null, 0, 0);
    }

    /** Whether a service is at work on it, or has been asked to be. */
    public boolean active() {
        return status == JobStatus.RUNNING || status == JobStatus.PAUSED;
    }

    StageState with(JobStatus next) {
        return new StageState(
                id, next, attempt, startedAt, finishedAt, progress, artifact, counts, error, taskRetries, deadLetters);
    }

    StageState started(Instant at) {
        return startedAt != null
                ? this
                : new StageState(
                        id,
                        status,
                        attempt,
                        at,
                        finishedAt,
                        progress,
                        artifact,
                        counts,
                        error,
                        taskRetries,
                        deadLetters);
    }

    StageState progressed(Progress next) {
        // Instances of a service report side by side: what was said earlier must not overwrite what was said later.
        return progress != null && next.at().isBefore(progress.at())
                ? this
                : new StageState(
                        id,
                        status,
                        attempt,
                        startedAt,
                        finishedAt,
                        next,
                        artifact,
                        counts,
                        error,
                        taskRetries,
                        deadLetters);
    }

    StageState troubled(long retries, long letters) {
        return new StageState(
                id,
                status,
                attempt,
                startedAt,
                finishedAt,
                progress,
                artifact,
                counts,
                error,
                taskRetries + retries,
                deadLetters + letters);
    }

    StageState succeeded(Instant at, ArtifactId made, SortedMap<String, Long> madeCounts) {
        return new StageState(
                id,
                JobStatus.SUCCEEDED,
                attempt,
                startedAt,
                at,
                progress,
                made,
                madeCounts,
                null,
                taskRetries,
                deadLetters);
    }

    StageState failed(Instant at, Failure why) {
        return new StageState(
                id, JobStatus.FAILED, attempt, startedAt, at, progress, null, counts, why, taskRetries, deadLetters);
    }

    StageState cancelled(Instant at) {
        return new StageState(
                id,
                JobStatus.CANCELLED,
                attempt,
                startedAt,
                at,
                progress,
                null,
                counts,
                null,
                taskRetries,
                deadLetters);
    }
}
