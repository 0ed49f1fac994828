package dev.athanor.ingestion.content;

import java.io.EOFException;
import java.io.IOException;
import java.util.Locale;

/** A file, entry or record that cannot be read: it goes to the dead letters with this reason, and the job goes on. */
public class BadContentException extends IOException {

    private final DeadLetterReason reason;

    public BadContentException(DeadLetterReason reason, String message) {
        super(message);
        this.reason = reason;
    }

    private BadContentException(DeadLetterReason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Whatever a parser threw, as the reason that it amounts to. */
    public static BadContentException of(Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof BadContentException bad) {
                return bad;
            }
        }
        String message = thrown.getMessage() == null ? thrown.getClass().getSimpleName() : thrown.getMessage();
        String lower = message.toLowerCase(Locale.ROOT);
        boolean cutOff = thrown instanceof EOFException
                || lower.contains("truncated")
                || lower.contains("unexpected end")
                || lower.contains("premature end");
        return new BadContentException(cutOff ? DeadLetterReason.TRUNCATED : DeadLetterReason.CORRUPT, message, thrown);
    }

    public DeadLetterReason reason() {
        return reason;
    }
}
