package dev.athanor.ingestion.http;

import dev.athanor.ingestion.content.BadContentException;
import dev.athanor.ingestion.content.DeadLetterReason;

/** The server answered, to the last try, with an error: its status, and what it says about it. */
public final class HttpStatusException extends BadContentException {

    private final int status;
    private final String said;

    /** @param said what the server gave as its reason; may be empty */
    public HttpStatusException(int status, String said) {
        super(DeadLetterReason.HTTP_STATUS, "HTTP status " + status + (said.isEmpty() ? "" : ": " + said));
        this.status = status;
        this.said = said;
    }

    public int status() {
        return status;
    }

    public String said() {
        return said;
    }
}
