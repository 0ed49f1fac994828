package dev.athanor.preprocessing.augment;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A service that answers JSON with JSON. Its address is the operator's, from the environment, and never a job's: so no job can
 * make this service reach an address of its choice. Redirects are not followed, answers are bounded, and the key goes
 * into a header only.
 */
final class JsonService implements AutoCloseable {

    private static final int MAX_ANSWER = 4 << 20;
    private static final int ATTEMPTS = 4;
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(120);
    private static final Duration FIRST_WAIT = Duration.ofMillis(500);

    private final HttpClient client = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT)
            .build();
    private final URI base;
    private final @Nullable String key;

    private JsonService(URI base, @Nullable String key) {
        this.base = base;
        this.key = key;
    }

    /**
     * @param name {@code TRANSLATION} for the variables ATHANOR_TRANSLATION_URL and ATHANOR_TRANSLATION_KEY
     * @throws AthanorException INVALID_SPEC where the address is not set
     */
    static JsonService of(String name, String method, UnaryOperator<@Nullable String> environment) {
        String url = environment.apply("ATHANOR_" + name + "_URL");
        if (url == null || !url.matches("https?://[^\\s/]+.*")) {
            throw AthanorException.invalidSpec(
                    "methods",
                    method,
                    "ATHANOR_" + name + "_URL of the preprocessing service to be an http or https address");
        }
        return new JsonService(
                URI.create(url.endsWith("/") ? url : url + "/"), environment.apply("ATHANOR_" + name + "_KEY"));
    }

    /**
     * Posts again after 429 and 5xx answers and lost connections, with longer and longer waits.
     *
     * @throws IOException when the service is not to be had, so that the task is tried again later
     * @throws AthanorException when it refuses the request
     */
    JsonNode post(String path, Object body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(ANSWER)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.canonicalBytes(body)));
        if (key != null && !key.isBlank()) {
            request.header("Authorization", "Bearer " + key);
        }
        String last = "";
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (attempt > 0) {
                Thread.sleep(FIRST_WAIT.multipliedBy(1L << (attempt - 1)));
            }
            try {
                HttpResponse<InputStream> response =
                        client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
                try (var in = response.body()) {
                    int status = response.statusCode();
                    if (status == 200) {
                        return read(in.readNBytes(MAX_ANSWER + 1));
                    }
                    last = "status " + status;
                    if (status != 429 && status < 500) {
                        throw new AthanorException(
                                ErrorCode.INVALID_REQUEST,
                                "service for " + path + ": expected status 200, got " + status);
                    }
                }
            } catch (IOException e) {
                last = String.valueOf(e.getMessage());
            }
        }
        throw new IOException("service for " + path + ": no answer in " + ATTEMPTS + " attempts, last: " + last);
    }

    private static JsonNode read(byte[] answer) {
        if (answer.length > MAX_ANSWER) {
            throw new AthanorException(
                    ErrorCode.INVALID_REQUEST, "service: expected an answer of at most " + MAX_ANSWER + " bytes");
        }
        try {
            return Json.MAPPER.readTree(answer);
        } catch (JacksonException e) {
            throw new AthanorException(
                    ErrorCode.INVALID_REQUEST, "service: expected JSON: " + e.getOriginalMessage(), e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
