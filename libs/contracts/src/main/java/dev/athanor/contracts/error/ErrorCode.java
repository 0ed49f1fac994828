package dev.athanor.contracts.error;

/**
 * Every way a request, a job or a message can fail: one entry gives the HTTP status, the problem type
 * ({@code urn:athanor:problem:<slug>}, RFC 9457), and the value of the metric label {@code reason}.
 */
public enum ErrorCode {
    INVALID_REQUEST(400, "Invalid request"),
    INVALID_SPEC(400, "Invalid job specification"),
    UNAUTHENTICATED(401, "Authentication required"),
    FORBIDDEN(403, "Not allowed"),
    NOT_FOUND(404, "Not found"),
    METHOD_NOT_ALLOWED(405, "Method not allowed"),
    NOT_ACCEPTABLE(406, "Not acceptable"),
    CONFLICT(409, "Conflict"),
    PAYLOAD_TOO_LARGE(413, "Payload too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "Unsupported media type"),
    RATE_LIMITED(429, "Too many requests"),
    INTERNAL(500, "Internal error"),
    UNAVAILABLE(503, "Service unavailable"),
    TIMEOUT(504, "Timed out"),
    ARTIFACT_CORRUPT(500, "Artifact is corrupt"),
    STORAGE_FULL(507, "Storage is full"),
    TASK_FAILED(500, "Task failed"),
    POISON_MESSAGE(500, "Message cannot be processed"),
    POLICY_VIOLATION(422, "Policy violation"),
    TRAINING_DIVERGED(422, "Training diverged");

    private final int httpStatus;
    private final String title;

    ErrorCode(int httpStatus, String title) {
        this.httpStatus = httpStatus;
        this.title = title;
    }

    public int httpStatus() {
        return httpStatus;
    }

    public String title() {
        return title;
    }

    /** Lower-case name with hyphens, as used in the problem type and as a metric label. */
    public String slug() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    public String problemType() {
        return "urn:athanor:problem:" + slug();
    }

    /** Whether trying the same thing again later can succeed. */
    public boolean retryable() {
        return switch (this) {
            case RATE_LIMITED, UNAVAILABLE, TIMEOUT, INTERNAL, TASK_FAILED, STORAGE_FULL -> true;
            default -> false;
        };
    }
}
