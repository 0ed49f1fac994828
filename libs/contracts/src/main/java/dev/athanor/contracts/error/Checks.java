package dev.athanor.contracts.error;

import java.util.Collection;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks for compact constructors of specs and requests; each failure names the field, the value and what is expected. */
public final class Checks {

    private Checks() {}

    public static void that(boolean holds, String field, @Nullable Object value, String expected) {
        if (!holds) {
            throw AthanorException.invalidSpec(field, value, expected);
        }
    }

    public static void range(String field, long value, long min, long max) {
        that(value >= min && value <= max, field, value, "an integer from " + min + " to " + max);
    }

    public static void range(String field, double value, double min, double max) {
        that(value >= min && value <= max, field, value, "a number from " + min + " to " + max);
    }

    public static void notBlank(String field, @Nullable String value) {
        that(value != null && !value.isBlank(), field, value, "a non-blank text");
    }

    public static void notEmpty(String field, @Nullable Collection<?> value) {
        that(value != null && !value.isEmpty(), field, value, "at least one entry");
    }

    public static void matches(String field, @Nullable String value, Pattern pattern, String expected) {
        that(value != null && pattern.matcher(value).matches(), field, value, expected);
    }

    public static void oneOf(String field, @Nullable String value, Collection<String> allowed) {
        that(value != null && allowed.contains(value), field, value, "one of " + allowed);
    }

    public static void present(String field, @Nullable Object value) {
        that(value != null, field, null, "a value");
    }
}
