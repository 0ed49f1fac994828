package dev.athanor.gateway.job;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a user may ask of a job that has been submitted. */
public enum JobRequest {
    CANCEL,
    PAUSE,
    RESUME,
    /** Failed and cancelled stages run again as the next attempt; finished ones are kept. */
    RETRY;

    @JsonValue
    public String slug() {
        return name().toLowerCase(Locale.ROOT);
    }
}
