package dev.athanor.gateway.web;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.error.Violation;
import dev.athanor.contracts.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;

/** The inference service's own HTTP interface. */
class InferenceClient {

    private static final int MOST_ANSWER_BYTES = 16 << 20;

    /** @param predictions in the order of the texts */
    record Answer(String deployment, String variant, String model, List<SentimentController.Prediction> predictions) {}

    // Lenient, unlike all else: the service may come to say more than the gateway knows of.
    private static final ObjectReader ANSWER =
            Json.MAPPER.readerFor(Answer.class).without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private final HttpClient http;
    private final URI url;
    private final String token;
    private final Duration timeout;

    InferenceClient(URI base, String token, Duration connectTimeout, Duration timeout) {
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(connectTimeout)
                .build();
        this.url = URI.create(base.toString().replaceAll("/+$", "") + "/v1/sentiment");
        this.token = token;
        this.timeout = timeout;
    }

    /**
     * @param requestId keeps a caller with one variant of the deployment
     * @throws AthanorException what the service answered; UNAVAILABLE where it cannot be reached, TIMEOUT where it is
     *     too slow
     */
    Answer classify(String deployment, List<String> texts, @Nullable String requestId) {
        String body = Json.MAPPER.writeValueAsString(Map.of("deployment", deployment, "texts", texts));
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .timeout(timeout)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, application/problem+json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (requestId != null) {
            request.header("X-Request-Id", requestId);
        }
        HttpResponse<InputStream> response;
        byte[] bytes;
        try {
            response = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                bytes = in.readNBytes(MOST_ANSWER_BYTES);
            }
        } catch (HttpTimeoutException e) {
            throw new AthanorException(
                    e instanceof java.net.http.HttpConnectTimeoutException ? ErrorCode.UNAVAILABLE : ErrorCode.TIMEOUT,
                    "the inference service did not answer in time",
                    e);
        } catch (IOException e) {
            throw new AthanorException(ErrorCode.UNAVAILABLE, "the inference service cannot be reached", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AthanorException(ErrorCode.UNAVAILABLE, "interrupted while waiting for the inference service", e);
        }
        if (response.statusCode() != 200) {
            throw problem(response.statusCode(), bytes);
        }
        return answer(bytes, texts.size());
    }

    private static Answer answer(byte[] bytes, int texts) {
        Answer answer;
        try {
            answer = ANSWER.readValue(bytes);
        } catch (JacksonException e) {
            throw new AthanorException(ErrorCode.INTERNAL, "the inference service's answer cannot be read", e);
        }
        if (answer.predictions() == null || answer.predictions().size() != texts) {
            throw new AthanorException(
                    ErrorCode.INTERNAL, "the inference service answered for another number of texts");
        }
        return answer;
    }

    /** Its problem becomes ours; but what the caller cannot be blamed for (a wrong token between services) is our fault. */
    private static AthanorException problem(int status, byte[] bytes) {
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
        String detail = problem.path("detail").asString("the inference service answered with status " + status);
        return new AthanorException(code, detail, violations, null);
    }
}
