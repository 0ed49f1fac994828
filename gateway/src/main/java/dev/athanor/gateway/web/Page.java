package dev.athanor.gateway.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.error.Violation;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Part of a list.
 *
 * @param hasMore whether there is more after {@code next}
 * @param next to be given as {@code after} for the next part; absent on an empty page
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Page<T>(
        List<T> data,
        @JsonProperty("has_more") boolean hasMore,
        @Nullable String next) {

    public static final int MOST = 100;
    public static final String DEFAULT_LIMIT = "20";

    /** @param rows up to one more than {@code limit} */
    static <R, T> Page<T> of(List<R> rows, int limit, Function<R, T> view, Function<R, String> cursor) {
        List<R> shown = rows.subList(0, Math.min(limit, rows.size()));
        return new Page<>(
                shown.stream().map(view).toList(),
                rows.size() > limit,
                shown.isEmpty() ? null : cursor.apply(shown.getLast()));
    }

    static int limit(int limit, int most) {
        requireParameter(limit >= 1 && limit <= most, "limit", limit, "an integer from 1 to " + most);
        return limit;
    }

    static void requireParameter(boolean holds, String name, @Nullable Object value, String expected) {
        if (!holds) {
            throw AthanorException.invalid(
                    ErrorCode.INVALID_REQUEST,
                    new Violation(name, value == null ? null : String.valueOf(value), expected));
        }
    }
}
