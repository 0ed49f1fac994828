package dev.athanor.standalone.cli;

import dev.athanor.contracts.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;

/** The gateway's REST API, as any client would use it. */
public final class GatewayClient {

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final String url;
    private final String key;

    public GatewayClient(String url, String key) {
        this.url = url;
        this.key = key;
    }

    public JsonNode get(String path) throws IOException, InterruptedException {
        return send(request(path).GET().build());
    }

    public String text(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw failure(response);
        }
        return response.body();
    }

    public JsonNode post(String path, Object body, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Json.MAPPER.writeValueAsString(body)));
        headers.forEach(request::header);
        return send(request.build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofSeconds(60))
                .header("Accept", "application/json")
                .header("Authorization", "Bearer " + key);
    }

    private JsonNode send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw failure(response);
        }
        return Json.MAPPER.readTree(response.body());
    }

    /** The problem's own words (RFC 9457), so that a person reads what is wrong and not a status code. */
    private static IOException failure(HttpResponse<String> response) {
        var message = new StringJoiner(" ");
        message.add(response.request().method())
                .add(response.uri().getPath())
                .add("answered " + response.statusCode() + ":");
        try {
            JsonNode problem = Json.MAPPER.readTree(response.body());
            message.add(problem.path("detail").asString(problem.path("title").asString("")));
        } catch (RuntimeException e) {
            message.add(
                    response.body().substring(0, Math.min(300, response.body().length())));
        }
        return new IOException(message.toString());
    }
}
