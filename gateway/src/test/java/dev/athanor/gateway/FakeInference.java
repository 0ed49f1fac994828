package dev.athanor.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.athanor.contracts.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;

/** Speaks the inference service's side of its interface. */
public final class FakeInference implements AutoCloseable {

    public record Request(Map<String, List<String>> headers, JsonNode body) {}

    public record Response(int status, String contentType, String body) {}

    @FunctionalInterface
    public interface Behaviour {
        Response answer(Request request) throws Exception;
    }

    private final HttpServer server;
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    public FakeInference(int port, Behaviour behaviour) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/sentiment", exchange -> {
            var request = new Request(
                    exchange.getRequestHeaders(),
                    Json.MAPPER.readTree(exchange.getRequestBody().readAllBytes()));
            requests.add(request);
            try {
                send(exchange, behaviour.answer(request));
            } catch (Exception e) {
                exchange.close();
            }
        });
        server.start();
    }

    public static FakeInference positive(int port) throws IOException {
        return new FakeInference(port, request -> {
            List<?> predictions = request.body()
                    .get("texts")
                    .valueStream()
                    .map(t -> Map.of("label", "positive", "probabilities", Map.of("negative", 0.09, "positive", 0.91)))
                    .toList();
            return new Response(
                    200,
                    "application/json",
                    Json.MAPPER.writeValueAsString(Map.of(
                            "deployment",
                            request.body().get("deployment").asString(),
                            "variant",
                            "v1",
                            "model",
                            "sha256:" + "a".repeat(64),
                            "predictions",
                            predictions)));
        });
    }

    private static void send(HttpExchange exchange, Response response) throws IOException {
        byte[] bytes = response.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", response.contentType());
        exchange.sendResponseHeaders(response.status(), bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    public List<Request> requests() {
        return requests;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
