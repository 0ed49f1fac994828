package dev.athanor.contracts.job;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** State of a job or of one of its stages. */
public enum JobStatus {
    /** Accepted; for a stage: its inputs are not there yet. */
    PENDING,
    RUNNING,
    PAUSED,
    SUCCEEDED,
    FAILED,
    CANCELLED;

    public boolean terminal() {
        return this == SUCCEEDED || this == FAILED || this == CANCELLED;
    }

    @JsonValue
    public String slug() {
        return name().toLowerCase(Locale.ROOT);
    }
}
