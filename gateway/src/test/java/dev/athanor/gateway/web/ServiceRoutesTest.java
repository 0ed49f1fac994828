package dev.athanor.gateway.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.athanor.contracts.json.Json;
import dev.athanor.gateway.Gateway;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the gateway asks of the trainer, the evaluation and the inference service, which a small server plays. */
class ServiceRoutesTest {

    private static final String ARTIFACT = "sha256:" + "a".repeat(64);

    private static Gateway gateway;
    private final List<String> heard = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        gateway = Gateway.shared();
    }

    private HttpServer answering(int status, String body) throws Exception {
        return answering(gateway.servicePort(), status, body);
    }

    private HttpServer answering(int port, int status, String body) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", exchange -> {
            heard.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static String job(String... trainings) throws Exception {
        String stages = Stream.of(trainings)
                .map(id -> "{\"id\": \"" + id
                        + "\", \"type\": \"trainer.pretrain\", \"inputs\": {\"tokens\": \"%1$s\", \"tokenizer\": \"%1$s\"}}"
                                .formatted(ARTIFACT))
                .collect(Collectors.joining(", "));
        var answer = gateway.post(
                "/v1/jobs",
                "{\"name\": \"l\", \"seed\": 1, \"stages\": [" + stages
                        + (trainings.length == 0 ? "{\"id\": \"in\", \"type\": \"ingestion.documents\"}" : "") + "]}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return Json.MAPPER.readTree(answer.body()).path("id").asString();
    }

    @Test
    void theLedgerComesFromATrainer() throws Exception {
        String id = job("first", "second");
        HttpServer trainer = answering(200, """
                {"samples": 80, "exactlyOnce": true, "faults": [], "unknown": 1,
                 "group": {"generation": 2, "workers": [{"slot": 1, "rank": null, "host": "here", "silentSeconds": 0.5}]},
                 "ranges": [{"generation": 1, "epoch": 0, "firstIndex": 0, "lastIndex": 79, "firstSample": 0, "lastSample": 79,
                             "step": null, "status": "OPEN"}]}""");
        try {
            var answer = gateway.get("/v1/jobs/" + id + "/ledger?stage=second");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            JsonNode ledger = Json.MAPPER.readTree(answer.body());
            assertThat(ledger.path("stage").asString()).isEqualTo("second");
            assertThat(ledger.path("attempt").asInt()).isEqualTo(1);
            assertThat(ledger.path("samples").asLong()).isEqualTo(80);
            assertThat(ledger.at("/group/workers/0").has("rank")).isFalse();
            assertThat(ledger.at("/ranges/0/status").asString()).isEqualTo("OPEN");
            assertThat(heard)
                    .containsExactly("GET /v1/jobs/" + id + "/stages/second/ledger?attempt=1 Bearer "
                            + Gateway.INTERNAL_TOKEN + " ");
        } finally {
            trainer.stop(0);
        }
        assertThat(gateway.get("/v1/jobs/" + id + "/ledger?stage=second").statusCode())
                .isEqualTo(503);
    }

    @Test
    void aLedgerOfNothingIsRefusedWithTheReason() throws Exception {
        assertThat(gateway.get("/v1/jobs/" + job() + "/ledger").statusCode()).isEqualTo(404);
        var ambiguous = gateway.get("/v1/jobs/" + job("first", "second") + "/ledger");
        assertThat(ambiguous.statusCode()).isEqualTo(400);
        assertThat(ambiguous.body()).contains("\"field\":\"stage\"").contains("[first, second]");
    }

    @Test
    void anInspectionGoesToTheEvaluationServiceWithItsDefaults() throws Exception {
        HttpServer evaluation = answering(200, "{\"kind\": \"relevance\", \"texts\": [{\"tokens\": [\"a\"]}]}");
        try {
            var answer = gateway.post("/v1/inspections", """
                    {"artifact": "%s", "spec": {"kind": "relevance", "texts": ["a"]}}""".formatted(ARTIFACT));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(Json.MAPPER
                            .readTree(answer.body())
                            .at("/texts/0/tokens/0")
                            .asString())
                    .isEqualTo("a");
            assertThat(heard)
                    .singleElement()
                    .asString()
                    .startsWith("POST /v1/inspections ")
                    .contains("\"maxTokens\":48");
        } finally {
            evaluation.stop(0);
        }
    }

    @Test
    void anInspectionThatIsTooMuchIsRefusedBeforeItIsAsked() throws Exception {
        for (String[] bad : new String[][] {
            {"{\"kind\": \"histograms\", \"texts\": [\"a\"]}", "spec.kind"},
            {"{\"kind\": \"relevance\", \"texts\": [\"a\", \"b\", \"c\", \"d\", \"e\"]}", "spec.texts"},
            {"{\"kind\": \"attention\", \"texts\": [\"a\"], \"maxTokens\": 129}", "spec.maxTokens"},
        }) {
            var answer =
                    gateway.post("/v1/inspections", "{\"artifact\": \"" + ARTIFACT + "\", \"spec\": " + bad[0] + "}");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
            assertThat(answer.body()).contains("\"field\":\"" + bad[1] + "\"");
        }
    }

    @Test
    void textsGoOnInTheInferenceService() throws Exception {
        HttpServer inference =
                answering(gateway.inferencePort(), 200, "{\"choices\": [{\"index\": 0, \"text\": \" more\"}]}");
        try {
            String request = "{\"model\":\"" + ARTIFACT + "\",\"prompt\":\"once\",\"user\":\"me\"}";
            for (String path : List.of("/v1/completions", "/v1/chat/completions")) {
                heard.clear();
                var answer = gateway.post(path, request);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                assertThat(Json.MAPPER
                                .readTree(answer.body())
                                .at("/choices/0/text")
                                .asString())
                        .isEqualTo(" more");
                assertThat(heard).containsExactly("POST " + path + " Bearer " + Gateway.INTERNAL_TOKEN + " " + request);
            }
        } finally {
            inference.stop(0);
        }
    }

    /** Each part is there before the next is sent, and a caller who hangs up is noticed by the service. */
    @Test
    void streamedTextsArePassedOnAsTheyCome() throws Exception {
        String first = "data: {\"choices\": [{\"index\": 0, \"text\": \"né\"}]}\n\n";
        var read = new CountDownLatch(1);
        var broken = new CountDownLatch(1);
        HttpServer inference =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.inferencePort()), 0);
        inference.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        inference.createContext("/v1/completions", exchange -> {
            boolean ends =
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8).contains("ends");
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(first.getBytes(StandardCharsets.UTF_8));
                out.flush();
                read.await();
                while (!ends) {
                    out.write(": still here\n\n".getBytes(StandardCharsets.UTF_8));
                    out.flush();
                }
                out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
            } catch (IOException gone) {
                broken.countDown();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        inference.start();
        try {
            for (String prompt : List.of("ends", "goes on")) {
                var response = HttpClient.newHttpClient()
                        .send(
                                gateway.request("/v1/completions")
                                        .header("Content-Type", "application/json")
                                        .header("Accept", "application/json")
                                        .POST(HttpRequest.BodyPublishers.ofString("{\"model\": \"" + ARTIFACT
                                                + "\", \"stream\": true, \"prompt\": \"" + prompt + "\"}"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofInputStream());
                assertThat(response.statusCode()).isEqualTo(200);
                assertThat(response.headers().firstValue("Content-Type").orElse(""))
                        .startsWith("text/event-stream");
                try (InputStream in = response.body()) {
                    byte[] bytes = first.getBytes(StandardCharsets.UTF_8);
                    assertThat(in.readNBytes(bytes.length)).isEqualTo(bytes);
                    read.countDown();
                    if (prompt.equals("ends")) {
                        assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                                .isEqualTo("data: [DONE]\n\n");
                        assertThat(broken.getCount()).isEqualTo(1);
                    }
                }
            }
            assertThat(broken.await(60, TimeUnit.SECONDS))
                    .as("the service notices")
                    .isTrue();
        } finally {
            inference.stop(0);
        }
    }

    @Test
    void aStreamThatIsRefusedIsAProblemAndOneThatBreaksOffSaysSo() throws Exception {
        String request = "{\"model\": \"" + ARTIFACT + "\", \"stream\": true, \"prompt\": \"a\"}";
        HttpServer refusing = answering(
                gateway.inferencePort(),
                400,
                "{\"type\": \"urn:athanor:problem:invalid-request\", \"status\": 400, \"detail\": \"prompt: too long\"}");
        try {
            var answer = gateway.post("/v1/completions", request);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
            assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
            assertThat(answer.body()).contains("prompt: too long");
        } finally {
            refusing.stop(0);
        }
        try (var socket = new ServerSocket(gateway.inferencePort(), 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (var connection = socket.accept()) {
                    connection.getInputStream().read(new byte[8192]);
                    connection
                            .getOutputStream()
                            .write(("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 100\r\n\r\n"
                                            + "data: {}\n\n")
                                    .getBytes(StandardCharsets.UTF_8));
                    connection.getOutputStream().flush();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            var answer = gateway.post("/v1/completions", request);
            assertThat(answer.body())
                    .startsWith("data: {}\n\n")
                    .contains("broke off")
                    .doesNotContain("[DONE]");
        }
    }

    @Test
    void theProblemOfAServiceIsTheCallers() throws Exception {
        HttpServer evaluation = answering(
                429,
                "{\"type\": \"urn:athanor:problem:rate-limited\", \"status\": 429, \"detail\": \"8 inspections wait already\"}");
        try {
            var answer = gateway.post("/v1/inspections", """
                    {"artifact": "%s", "spec": {"kind": "relevance", "texts": ["a"]}}""".formatted(ARTIFACT));
            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(answer.body()).contains("8 inspections wait already");
        } finally {
            evaluation.stop(0);
        }
    }
}
