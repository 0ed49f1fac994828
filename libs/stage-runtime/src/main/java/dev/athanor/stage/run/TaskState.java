package dev.athanor.stage.run;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a task stands.
 *
 * @param attempt how often it was claimed
 * @param failures how often it failed
 * @param losses how often its worker went silent
 * @param fencing token of the latest claim; only its holder's word counts
 * @param owner worker that holds the lease, for people
 * @param leaseUntil when LEASED: the end of the lease
 * @param notBefore when READY: not to be claimed earlier
 */
public record TaskState(
        TaskId id,
        Status status,
        int attempt,
        int failures,
        int losses,
        long fencing,
        @Nullable String owner,
        @Nullable Instant leaseUntil,
        @Nullable Instant notBefore) {

    /** CLOSED: its run ended without it. */
    public enum Status {
        READY,
        LEASED,
        DONE,
        DEAD,
        CLOSED
    }

    public static TaskState ready(TaskId id) {
        return new TaskState(id, Status.READY, 0, 0, 0, 0, null, null, null);
    }

    boolean heldWith(long token) {
        return status == Status.LEASED && fencing == token;
    }

    boolean expired(Instant now) {
        return status == Status.LEASED && leaseUntil != null && leaseUntil.isBefore(now);
    }

    boolean waiting(Instant now) {
        return status == Status.READY && (notBefore == null || !now.isBefore(notBefore));
    }

    TaskState leased(String newOwner, Instant until, int newLosses) {
        return new TaskState(id, Status.LEASED, attempt + 1, failures, newLosses, fencing + 1, newOwner, until, null);
    }

    TaskState until(Instant until) {
        return new TaskState(id, status, attempt, failures, losses, fencing, owner, until, notBefore);
    }

    TaskState readyAgain(int newFailures, @Nullable Instant earliest) {
        return new TaskState(id, Status.READY, attempt, newFailures, losses, fencing, null, null, earliest);
    }

    TaskState ended(Status end) {
        return new TaskState(id, end, attempt, failures, losses, fencing, owner, null, null);
    }
}
