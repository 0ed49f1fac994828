package dev.athanor.ingestion.http;

import dev.athanor.contracts.error.Checks;
import java.time.Duration;

/**
 * How the web is read.
 *
 * @param userAgent sent with every request; names a page or address where operators can ask
 * @param connectTimeout to establish a connection
 * @param idleTimeout longest silence within an answer
 * @param totalTimeout one attempt with its redirects and its body
 * @param maxBytes of a body
 * @param attempts tries in all for 429, 5xx, time-outs and broken connections
 * @param backoff wait before the second try; doubled each time, at most {@code maxBackoff}
 * @param maxBackoff also the longest {@code Retry-After} that is waited for
 * @param hostInterval least time between the starts of two requests to one host
 */
public record WebSettings(
        String userAgent,
        Duration connectTimeout,
        Duration idleTimeout,
        Duration totalTimeout,
        long maxBytes,
        int maxRedirects,
        int attempts,
        Duration backoff,
        Duration maxBackoff,
        Duration hostInterval,
        boolean allowPrivateAddresses) {

    public static final WebSettings DEFAULTS = new WebSettings(
            "athanor/0.1 (+https://github.com/athanor; corpus building)",
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofMinutes(15),
            1L << 30,
            5,
            5,
            Duration.ofSeconds(1),
            Duration.ofMinutes(2),
            Duration.ofMillis(200),
            false);

    public WebSettings {
        Checks.notBlank("userAgent", userAgent);
        Checks.range("maxBytes", maxBytes, 1, Long.MAX_VALUE);
        Checks.range("maxRedirects", maxRedirects, 0, 20);
        Checks.range("attempts", attempts, 1, 20);
    }

    public WebSettings withPrivateAddresses(boolean allow) {
        return new WebSettings(
                userAgent,
                connectTimeout,
                idleTimeout,
                totalTimeout,
                maxBytes,
                maxRedirects,
                attempts,
                backoff,
                maxBackoff,
                hostInterval,
                allow);
    }
}
