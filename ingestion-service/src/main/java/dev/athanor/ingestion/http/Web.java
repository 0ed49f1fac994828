package dev.athanor.ingestion.http;

import dev.athanor.ingestion.content.BadContentException;
import dev.athanor.ingestion.content.DeadLetterReason;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Fetches URLs into files: public addresses only, checked at every redirect; bounded in size and time; tried again with
 * growing waits where that can help, as long as the server asks for.
 */
public final class Web implements AutoCloseable {

    /** Waiting, so that tests need not. */
    @FunctionalInterface
    public interface Sleeper {
        void sleep(Duration time) throws InterruptedException;
    }

    /** A server may send headers without end. */
    private static final Http1Config BOUNDED_HEADERS = Http1Config.custom()
            .setMaxHeaderCount(1_000)
            .setMaxLineLength(1 << 16)
            .build();

    private final WebSettings settings;
    private final Clock clock;
    private final Sleeper sleeper;
    private final HostGate gate;
    private final CloseableHttpClient client;
    private final ScheduledExecutorService watchdog = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("web-watchdog").factory());

    public Web(WebSettings settings, AddressPolicy.Lookup lookup, Clock clock, Sleeper sleeper) {
        this.settings = settings;
        this.clock = clock;
        this.sleeper = sleeper;
        this.gate = new HostGate(clock, sleeper);
        this.client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                                .http1Config(BOUNDED_HEADERS)
                                .build())
                        .setDnsResolver(
                                new AddressPolicy(settings.allowPrivateAddresses(), settings.privateHosts(), lookup))
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(Timeout.of(settings.connectTimeout()))
                                .setSocketTimeout(Timeout.of(settings.idleTimeout()))
                                .build())
                        .setDefaultSocketConfig(SocketConfig.custom()
                                .setSoTimeout(Timeout.of(settings.idleTimeout()))
                                .build())
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setResponseTimeout(Timeout.of(settings.idleTimeout()))
                        .setConnectionRequestTimeout(Timeout.of(settings.totalTimeout()))
                        .build())
                .setUserAgent(settings.userAgent())
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching()
                .build();
    }

    public Fetched get(String url, Path folder) throws IOException, InterruptedException {
        return get(url, Map.of(), folder);
    }

    /**
     * @param headers further request headers; not sent on to another host when redirected
     * @param folder for the body's file
     * @throws BadContentException with a reason why there is no answer
     */
    public Fetched get(String url, Map<String, String> headers, Path folder) throws IOException, InterruptedException {
        Duration wait = settings.backoff();
        for (int attempt = 1; ; attempt++) {
            Attempt result = attempt(url, headers, folder);
            if (result.fetched() != null) {
                return result.fetched();
            }
            if (!result.retryable() || attempt == settings.attempts()) {
                throw result.failure();
            }
            Duration asked = result.retryAfter();
            if (asked != null && asked.compareTo(settings.maxBackoff()) > 0) {
                throw result.failure();
            }
            sleeper.sleep(asked != null ? asked : wait);
            wait = min(wait.multipliedBy(2), settings.maxBackoff());
        }
    }

    /** The turns of the hosts, for callers that must keep a greater distance. */
    public HostGate gate() {
        return gate;
    }

    @Override
    public void close() throws IOException {
        watchdog.shutdownNow();
        client.close();
    }

    private record Attempt(
            @Nullable Fetched fetched,
            BadContentException failure,
            boolean retryable,
            @Nullable Duration retryAfter) {

        static Attempt of(Fetched fetched) {
            return new Attempt(fetched, new BadContentException(DeadLetterReason.UNREADABLE, ""), false, null);
        }

        static Attempt failed(DeadLetterReason reason, String message, boolean retryable) {
            return new Attempt(null, new BadContentException(reason, message), retryable, null);
        }
    }

    private Attempt attempt(String url, Map<String, String> headers, Path folder) throws InterruptedException {
        Instant deadline = clock.instant().plus(settings.totalTimeout());
        try {
            URI at = Urls.parse(url);
            String firstHost = at.getHost();
            for (int hops = 0; hops <= settings.maxRedirects(); hops++) {
                gate.await(at.getHost(), settings.hostInterval());
                var request = new HttpUriRequestBase("GET", at);
                if (at.getHost().equals(firstHost)) {
                    headers.forEach(request::setHeader);
                }
                URI here = at;
                // The socket's time-out ends silence; this ends answers that drip.
                Future<?> alarm = watchdog.schedule(
                        request::cancel, settings.totalTimeout().toMillis() + 100, TimeUnit.MILLISECONDS);
                Step step;
                try {
                    step = client.execute(request, response -> receive(response, here, folder, deadline));
                } finally {
                    alarm.cancel(false);
                }
                if (step.redirect() == null) {
                    return step.attempt();
                }
                at = Urls.parse(at.resolve(step.redirect()).toString());
            }
            return Attempt.failed(
                    DeadLetterReason.REDIRECT_LIMIT, "more than " + settings.maxRedirects() + " redirects", false);
        } catch (BadContentException e) {
            return new Attempt(null, e, e.reason() == DeadLetterReason.TIMEOUT, null);
        } catch (UnknownHostException e) {
            return Attempt.failed(DeadLetterReason.ADDRESS_REFUSED, String.valueOf(e.getMessage()), false);
        } catch (InterruptedIOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return Attempt.failed(DeadLetterReason.TIMEOUT, String.valueOf(e.getMessage()), true);
        } catch (IOException e) {
            return Attempt.failed(
                    BadContentException.of(e).reason() == DeadLetterReason.TRUNCATED
                            ? DeadLetterReason.TRUNCATED
                            : DeadLetterReason.UNREADABLE,
                    String.valueOf(e.getMessage()),
                    true);
        } catch (IllegalArgumentException e) {
            return Attempt.failed(DeadLetterReason.UNREADABLE, "bad redirect: " + e.getMessage(), false);
        }
    }

    /** What one request led to: an end, or another address. */
    private record Step(Attempt attempt, @Nullable URI redirect) {}

    private Step receive(ClassicHttpResponse response, URI url, Path folder, Instant deadline) throws IOException {
        int status = response.getCode();
        SortedMap<String, String> headers = new TreeMap<>();
        for (Header header : response.getHeaders()) {
            String name = header.getName().toLowerCase(java.util.Locale.ROOT);
            // Directives for robots may come in several lines, and each of them counts.
            headers.merge(name, header.getValue(), (a, b) -> name.equals("x-robots-tag") ? a + ", " + b : a);
        }
        String location = headers.get("location");
        if (status >= 300 && status < 400 && status != 304 && location != null) {
            return new Step(Attempt.failed(DeadLetterReason.REDIRECT_LIMIT, "", false), reference(location));
        }
        if ((status >= 200 && status < 300) || status == 304) {
            Path file = body(response.getEntity(), folder, deadline);
            return new Step(
                    Attempt.of(new Fetched(
                            url, status, headers, file, clock.instant().toString())),
                    null);
        }
        boolean retryable = status == 429 || status == 408 || status >= 500;
        var failure = new HttpStatusException(status, ErrorText.of(headers, response.getEntity()));
        return new Step(new Attempt(null, failure, retryable, RetryAfter.of(headers, clock.instant())), null);
    }

    private static URI reference(String location) throws BadContentException {
        try {
            return Urls.uri(location);
        } catch (URISyntaxException e) {
            throw new BadContentException(DeadLetterReason.ADDRESS_REFUSED, "redirected to '" + location + "'");
        }
    }

    private Path body(@Nullable HttpEntity entity, Path folder, Instant deadline) throws IOException {
        if (entity != null && entity.getContentLength() > settings.maxBytes()) {
            throw tooLarge();
        }
        Path file = Files.createTempFile(folder, "body-", ".bin");
        if (entity == null) {
            return file;
        }
        try (InputStream in = entity.getContent();
                OutputStream out = Files.newOutputStream(file)) {
            byte[] buffer = new byte[1 << 16];
            long total = 0;
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                total += n;
                if (total > settings.maxBytes()) {
                    throw tooLarge();
                }
                if (clock.instant().isAfter(deadline)) {
                    throw new BadContentException(
                            DeadLetterReason.TIMEOUT,
                            "no whole answer within " + settings.totalTimeout().toSeconds() + " s");
                }
                out.write(buffer, 0, n);
            }
            return file;
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    private BadContentException tooLarge() {
        return new BadContentException(
                DeadLetterReason.TOO_LARGE, "a body of more than " + settings.maxBytes() + " bytes");
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
