package dev.athanor.stage.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.contracts.json.Json;
import dev.athanor.testing.TestInfrastructure;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Every refusal is a problem (RFC 9457) that names what is wrong, wherever it comes from. */
class ProblemsOverHttpTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static int port;

    @BeforeAll
    static void service() {
        port = SharedService.get().getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", "Bearer " + TestInfrastructure.TOKEN);
    }

    private static HttpResponse<String> send(HttpRequest request) throws Exception {
        return CLIENT.send(request, BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(String body, String type) throws Exception {
        return send(request("/v1/orders")
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private static JsonNode problem(HttpResponse<String> response, int status, String slug) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonNode problem = Json.MAPPER.readTree(response.body());
        assertThat(problem.get("type").asString()).isEqualTo("urn:athanor:problem:" + slug);
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("title").asString()).isNotBlank();
        assertThat(response.body()).doesNotContain("Exception").doesNotContain("\"trace\"");
        return problem;
    }

    @Test
    void aGoodRequestIsAnswered() throws Exception {
        assertThat(post("{\"name\":\"tea\",\"amount\":2}", "application/json").statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'{\"name\":\"tea\",\"amount\":11}'|amount|'11'|an integer from 1 to 10",
                "'{\"name\":\" \",\"amount\":1}'|name|' '|a non-blank text",
                "'{\"name\":\"tea\",\"amount\":\"many\"}'|amount|'many'|an integer",
            })
    void aWrongFieldIsNamed(String body, String field, String value, String expected) throws Exception {
        JsonNode problem =
                Json.MAPPER.readTree(post(unquoted(body), "application/json").body());
        assertThat(problem.get("detail").asString()).contains(field).contains(expected);
        assertThat(problem.get("errors").get(0).get("field").asString()).isEqualTo(field);
        assertThat(problem.get("errors").get(0).get("value").asString()).isEqualTo(unquoted(value));
    }

    private static String unquoted(String text) {
        return text.replaceAll("^'|'$", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "", "[]", "nothing", "{\"name\":\"tea\",\"amount\":1"})
    void aBodyThatCannotBeReadIsRefused(String body) throws Exception {
        HttpResponse<String> response = post(body, "application/json");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    }

    @Test
    void whatSpringRefusesIsAProblemToo() throws Exception {
        problem(send(request("/v1/nothing").build()), 404, "not-found");
        problem(send(request("/v1/orders").DELETE().build()), 405, "method-not-allowed");
        problem(post("<tea/>", "application/xml"), 415, "unsupported-media-type");
        problem(
                send(request("/v1/orders")
                        .header("Content-Type", "application/json")
                        .header("Accept", "image/png")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"tea\",\"amount\":1}"))
                        .build()),
                406,
                "not-acceptable");
        assertThat(problem(send(request("/v1/orders/x?currency=EUR").build()), 400, "invalid-request")
                        .get("detail")
                        .asString())
                .contains("number")
                .contains("'x'");
        assertThat(problem(send(request("/v1/orders/1").build()), 400, "invalid-request")
                        .get("detail")
                        .asString())
                .contains("currency");
        problem(send(request("/v1/orders/7?currency=EUR").build()), 404, "not-found");
    }

    @Test
    void aFaultInsideTellsNothingOfIt() throws Exception {
        HttpResponse<String> response =
                send(request("/v1/orders/1?currency=EUR").build());
        problem(response, 500, "internal");
        assertThat(response.body()).doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer wrong", "Bearer", "Basic dGVzdDp0ZXN0", "test-token", "bearer test-token "})
    void onlyBearersOfTheTokenAreAnswered(String authorization) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/orders/7?currency=EUR"));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        HttpResponse<String> response = send(request.build());
        problem(response, 401, "unauthenticated");
        assertThat(response.headers().firstValue("WWW-Authenticate")).isPresent();
    }

    @Test
    void healthIsOpenAndMetricsAreNot() throws Exception {
        for (String path :
                new String[] {"/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness"}) {
            assertThat(send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .build())
                            .statusCode())
                    .as(path)
                    .isEqualTo(200);
        }
        problem(
                send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/prometheus"))
                        .build()),
                401,
                "unauthenticated");
        assertThat(send(request("/actuator/prometheus").build()).body()).contains("athanor_stage_workers ");
        problem(send(request("/actuator/env").build()), 404, "not-found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/../actuator/prometheus HTTP/1.1",
                "GET /v1//orders HTTP/1.1",
                "GET /v1/%2e%2e/actuator HTTP/1.1",
                "GET /v1/orders;jsessionid=1 HTTP/1.1",
                "GET /v1/%00 HTTP/1.1",
                "GET /v1/orders/%zz HTTP/1.1",
                "GET /v1/|orders HTTP/1.1",
                "GET v1 HTTP/1.1",
                "TRACE /v1/orders HTTP/1.1",
                "G@T / HTTP/1.1"
            })
    void tricksAreRefusedWithAProblem(String line) throws IOException {
        String answer = raw(line + "\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(answer).matches("(?s)HTTP/1.1 4\\d\\d.*");
        assertThat(answer.toLowerCase(java.util.Locale.ROOT)).contains("content-type: application/problem+json");
        assertThat(answer).contains("\"detail\"");
    }

    private static String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
