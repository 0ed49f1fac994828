package dev.athanor.ingestion.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * When a server wants to be asked again: the header Retry-After (RFC 9110, 10.2.3), or the time to the next window of the
 * header RateLimit (draft-ietf-httpapi-ratelimit-headers; Hugging Face sends no other) where nothing is left of this one.
 */
final class RetryAfter {

    private static final Pattern WINDOW = Pattern.compile(";\\s*r=0\\s*;\\s*t=(\\d{1,6})");

    private RetryAfter() {}

    /**
     * The time that the answer asks for, or null.
     *
     * @param headers names in lower case
     */
    static @Nullable Duration of(Map<String, String> headers, Instant now) {
        Duration asked = parse(headers.get("retry-after"), now);
        if (asked != null) {
            return asked;
        }
        Matcher window = WINDOW.matcher(headers.getOrDefault("ratelimit", ""));
        return window.find() ? Duration.ofSeconds(Long.parseLong(window.group(1))) : null;
    }

    /** The time to wait from {@code now}, never negative; null where there is no such header or it cannot be read. */
    static @Nullable Duration parse(@Nullable String header, Instant now) {
        if (header == null) {
            return null;
        }
        String value = header.strip();
        if (value.matches("\\d{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(value));
        }
        try {
            Instant date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return date.isAfter(now) ? Duration.between(now, date) : Duration.ZERO;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
