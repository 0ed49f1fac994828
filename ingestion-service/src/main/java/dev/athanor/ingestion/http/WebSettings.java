package dev.athanor.ingestion.http;

import dev.athanor.contracts.error.Checks;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

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
 * @param allowPrivateAddresses whether any host may be at a private, loopback or link-local address
 * @param privateHosts the hosts that may be, where not all may
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
        boolean allowPrivateAddresses,
        Set<String> privateHosts) {

    public static final WebSettings DEFAULTS = new WebSettings(
            "athanor/0.1 (+https://github.com/athanor; corpus building)",
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofMinutes(15),
            1L << 30,
            5,
            5,
            Duration.ofSeconds(1),
            Duration.ofMinutes(5),
            Duration.ofMillis(200),
            false,
            Set.of());

    public WebSettings {
        Checks.notBlank("userAgent", userAgent);
        Checks.range("maxBytes", maxBytes, 1, Long.MAX_VALUE);
        Checks.range("maxRedirects", maxRedirects, 0, 20);
        Checks.range("attempts", attempts, 1, 20);
        privateHosts = privateHosts.stream()
                .map(host -> host.strip().toLowerCase(Locale.ROOT))
                .filter(host -> !host.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    public WebSettings withPrivateAddresses(boolean allow, Set<String> hosts) {
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
                allow,
                hosts);
    }
}
