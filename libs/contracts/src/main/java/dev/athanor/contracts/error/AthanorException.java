package dev.athanor.contracts.error;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A failure with a category; the only exception type that crosses module boundaries on purpose. */
public class AthanorException extends RuntimeException {

    private final ErrorCode code;
    private final transient List<Violation> violations;

    public AthanorException(ErrorCode code, String message) {
        this(code, message, List.of(), null);
    }

    public AthanorException(ErrorCode code, String message, @Nullable Throwable cause) {
        this(code, message, List.of(), cause);
    }

    public AthanorException(ErrorCode code, String message, List<Violation> violations, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.violations = List.copyOf(violations);
    }

    public static AthanorException invalid(ErrorCode code, Violation violation) {
        return new AthanorException(code, violation.toString(), List.of(violation), null);
    }

    public static AthanorException invalidSpec(String field, @Nullable Object value, String expected) {
        return invalid(
                ErrorCode.INVALID_SPEC, new Violation(field, value == null ? null : String.valueOf(value), expected));
    }

    public static AthanorException notFound(String what, String id) {
        return new AthanorException(ErrorCode.NOT_FOUND, "no " + what + " with id '" + id + "'");
    }

    /** The same failure, its violations seen from an enclosing object. */
    public AthanorException under(String parent) {
        List<Violation> placed = violations.stream().map(v -> v.under(parent)).toList();
        return new AthanorException(
                code, placed.stream().map(Violation::toString).collect(Collectors.joining("; ")), placed, this);
    }

    public ErrorCode code() {
        return code;
    }

    public List<Violation> violations() {
        return violations;
    }
}
