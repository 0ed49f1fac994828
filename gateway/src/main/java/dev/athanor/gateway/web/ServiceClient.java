package dev.athanor.gateway.web;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.error.Violation;
import dev.athanor.contracts.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;

/** The HTTP interface of another service. Its problems become the caller's; what the caller cannot be blamed for is ours. */
final class ServiceClient {

    private static final int MOST_ANSWER_BYTES = 16 << 20;

    private final String name;
    private final HttpClient http;
    private final String base;
    private final String token;
    private final Duration timeout;

    /** @param name of the service, for messages */
    ServiceClient(String name, URI base, String token, Duration connectTimeout, Duration timeout) {
        this.name = name;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(connectTimeout)
                .build();
        this.base = base.toString().replaceAll("/+$", "");
        this.token = token;
        this.timeout = timeout;
    }

    /**
     * @param path of characters that need no quoting
     * @throws AthanorException what the service answered; UNAVAILABLE where it cannot be reached, TIMEOUT where it is too slow
     */
    <T> T get(String path, Class<T> answer) {
        return send(request(path).GET(), answer);
    }

    /** As {@link #get}. */
    <T> T post(String path, Object body, Map<String, String> headers, Class<T> answer) {
        HttpRequest.Builder request = request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Json.MAPPER.writeValueAsString(body)));
        headers.forEach(request::header);
        return send(request, answer);
    }

    /**
     * As {@link #post}, of an answer that comes in parts. It ends when it is closed, and in any case some time after its first
     * byte, as long as it may take to come.
     *
     * @return to be closed
     */
    InputStream open(String path, Object body, String mediaType) {
        HttpRequest.Builder request = request(path)
                .header("Content-Type", "application/json")
                .setHeader("Accept", mediaType + ", application/problem+json")
                .POST(HttpRequest.BodyPublishers.ofString(Json.MAPPER.writeValueAsString(body)));
        HttpResponse<InputStream> response = response(request);
        InputStream parts = response.body();
        if (response.statusCode() != 200) {
            try (parts) {
                throw problem(response.statusCode(), parts.readNBytes(MOST_ANSWER_BYTES));
            } catch (IOException e) {
                throw new AthanorException(ErrorCode.UNAVAILABLE, "the " + name + " service cannot be reached", e);
            }
        }
        return new LimitedStream(parts, timeout);
    }

    private HttpResponse<InputStream> response(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (HttpTimeoutException e) {
            throw new AthanorException(
                    e instanceof HttpConnectTimeoutException ? ErrorCode.UNAVAILABLE : ErrorCode.TIMEOUT,
                    "the " + name + " service did not answer in time",
                    e);
        } catch (IOException e) {
            throw new AthanorException(ErrorCode.UNAVAILABLE, "the " + name + " service cannot be reached", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AthanorException(
                    ErrorCode.UNAVAILABLE, "interrupted while waiting for the " + name + " service", e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .timeout(timeout)
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/json, application/problem+json");
    }

    private <T> T send(HttpRequest.Builder request, Class<T> type) {
        HttpResponse<InputStream> response = response(request);
        byte[] bytes;
        try (InputStream in = response.body()) {
            bytes = in.readNBytes(MOST_ANSWER_BYTES);
        } catch (IOException e) {
            throw new AthanorException(ErrorCode.UNAVAILABLE, "the " + name + " service cannot be reached", e);
        }
        if (response.statusCode() != 200) {
            throw problem(response.statusCode(), bytes);
        }
        try {
            // Lenient, unlike all else: the service may come to say more than the gateway knows of.
            return Json.MAPPER
                    .readerFor(type)
                    .without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .readValue(bytes);
        } catch (JacksonException e) {
            throw new AthanorException(ErrorCode.INTERNAL, "the " + name + " service's answer cannot be read", e);
        }
    }

    /** A wrong token between services is not the caller's fault. */
    private AthanorException problem(int status, byte[] bytes) {
        JsonNode problem;
        try {
            problem = Json.MAPPER.readTree(new String(bytes, StandardCharsets.UTF_8));
        } catch (JacksonException e) {
            problem = Json.MAPPER.missingNode();
        }
        String type = problem.path("type").asString("");
        ErrorCode code = Arrays.stream(ErrorCode.values())
                .filter(c -> c.problemType().equals(type))
                .findFirst()
                .orElse(status >= 500 ? ErrorCode.UNAVAILABLE : ErrorCode.INTERNAL);
        if (code == ErrorCode.UNAUTHENTICATED || code == ErrorCode.FORBIDDEN || code == ErrorCode.METHOD_NOT_ALLOWED) {
            code = ErrorCode.INTERNAL;
        }
        var violations = new ArrayList<Violation>();
        problem.path("errors")
                .forEach(v -> violations.add(new Violation(
                        v.path("field").asString(""),
                        v.path("value").isMissingNode() || v.path("value").isNull()
                                ? null
                                : v.path("value").asString(""),
                        v.path("expected").asString(""))));
        String detail = problem.path("detail").asString("the " + name + " service answered with status " + status);
        return new AthanorException(code, detail, violations, null);
    }
}
