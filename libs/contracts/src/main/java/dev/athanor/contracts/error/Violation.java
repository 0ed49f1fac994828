package dev.athanor.contracts.error;

import org.jspecify.annotations.Nullable;

/** One thing that is wrong with an input: the field (a JSON path), the offending value as text, and what is expected. */
public record Violation(String field, @Nullable String value, String expected) {

    private static final int MAX_SHOWN = 200;

    public Violation {
        if (value != null && value.length() > MAX_SHOWN) {
            value = value.substring(0, MAX_SHOWN) + "…";
        }
    }

    /** The same violation seen from an enclosing object. */
    public Violation under(String parent) {
        return new Violation(
                field.isEmpty() ? parent : field.startsWith("[") ? parent + field : parent + "." + field,
                value,
                expected);
    }

    @Override
    public String toString() {
        return field + ": expected " + expected + ", got " + (value == null ? "nothing" : "'" + value + "'");
    }
}
