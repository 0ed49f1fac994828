package dev.athanor.gateway.mlflow;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.athanor.contracts.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/** Speaks the part of MLflow's REST interface that is used, with the limits of the real one. */
final class FakeMlflow implements AutoCloseable {

    enum Mood {
        WELL,
        /** Takes each request in, but never answers. */
        SILENT,
        /** Makes runs, but never answers that it did. */
        FORGETFUL,
        BROKEN,
        /** Takes no metric with this name. */
        CHOOSY
    }

    static final String DISLIKED = "disliked";

    static final class Run {
        final String experiment;
        final Map<String, String> tags = new ConcurrentHashMap<>();
        final Map<String, String> params = new ConcurrentHashMap<>();
        final List<String> metrics = new CopyOnWriteArrayList<>();
        volatile String status = "RUNNING";

        Run(String experiment) {
            this.experiment = experiment;
        }
    }

    final Map<String, Run> runs = new ConcurrentHashMap<>();
    final Map<String, String> experiments = new ConcurrentHashMap<>();
    final List<String> authorizations = new CopyOnWriteArrayList<>();
    final AtomicInteger requests = new AtomicInteger();
    volatile Mood mood;

    private final HttpServer server;

    FakeMlflow(int port, Mood mood) throws IOException {
        this.mood = mood;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/api/2.0/mlflow/", this::handle);
        server.start();
    }

    /** The one run of a stage; null where there is none. */
    Run of(String jobId, String stage) {
        List<Run> found = runs.values().stream()
                .filter(r -> (jobId + "/" + stage + "/1").equals(r.tags.get("athanor.run")))
                .toList();
        if (found.size() > 1) {
            throw new AssertionError("there are " + found.size() + " runs of " + jobId + "/" + stage);
        }
        return found.isEmpty() ? null : found.getFirst();
    }

    private void handle(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        String path = exchange.getRequestURI().getPath().substring("/api/2.0/mlflow/".length());
        byte[] bytes = exchange.getRequestBody().readAllBytes();
        JsonNode body = bytes.length == 0 ? Json.tree(Map.of()) : Json.MAPPER.readTree(bytes);
        switch (mood) {
            case SILENT -> answer(path, body);
            case BROKEN -> reply(exchange, 500, Map.of("error_code", "INTERNAL_ERROR", "message", "no database"));
            case WELL, CHOOSY, FORGETFUL -> {
                boolean kept = mood == Mood.FORGETFUL && path.equals("runs/create");
                Map<String, Object> answer = path.equals("experiments/get-by-name")
                        ? experiment(exchange.getRequestURI().getQuery().split("=", 2)[1])
                        : answer(path, body);
                if (!kept) {
                    reply(exchange, answer.containsKey("error_code") ? 400 : 200, answer);
                }
            }
        }
    }

    private static void reply(HttpExchange exchange, int status, Map<String, Object> body) throws IOException {
        byte[] bytes = Json.MAPPER.writeValueAsString(body).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(body.get("error_code") == "RESOURCE_DOES_NOT_EXIST" ? 404 : status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private Map<String, Object> experiment(String name) {
        String id = experiments.get(name);
        return id == null
                ? Map.of("error_code", "RESOURCE_DOES_NOT_EXIST", "message", "none")
                : Map.of("experiment", Map.of("experiment_id", id, "name", name));
    }

    private synchronized Map<String, Object> answer(String path, JsonNode body) {
        return switch (path) {
            case "experiments/create" -> {
                String id = Integer.toString(experiments.size() + 1);
                experiments.put(body.path("name").asString(), id);
                yield Map.of("experiment_id", id);
            }
            case "runs/search" -> {
                String key = body.path("filter").asString().replaceAll(".* = '(.*)'", "$1");
                List<Map<String, Object>> found = new ArrayList<>();
                runs.forEach((id, run) -> {
                    if (key.equals(run.tags.get("athanor.run"))) {
                        found.add(Map.of("info", info(id, run)));
                    }
                });
                yield found.isEmpty() ? Map.of() : Map.of("runs", found);
            }
            case "runs/create" -> {
                var run = new Run(body.path("experiment_id").asString());
                body.path("tags")
                        .forEach(t -> run.tags.put(
                                t.path("key").asString(), t.path("value").asString()));
                // Not the id of a run at a server that was here before.
                String id = UUID.randomUUID().toString();
                runs.put(id, run);
                yield Map.of("run", Map.of("info", info(id, run)));
            }
            case "runs/log-batch" -> logged(body);
            case "runs/update" -> {
                Run run = runs.get(body.path("run_id").asString());
                if (run == null) {
                    yield Map.of("error_code", "RESOURCE_DOES_NOT_EXIST", "message", "no such run");
                }
                run.status = body.path("status").asString();
                yield Map.of("run_info", info(body.path("run_id").asString(), run));
            }
            default -> Map.of("error_code", "ENDPOINT_NOT_FOUND", "message", path);
        };
    }

    private static Map<String, Object> info(String id, Run run) {
        return new TreeMap<>(
                Map.of("run_id", id, "run_uuid", id, "experiment_id", run.experiment, "status", run.status));
    }

    private Map<String, Object> logged(JsonNode body) {
        Run run = runs.get(body.path("run_id").asString());
        if (run == null) {
            return Map.of("error_code", "RESOURCE_DOES_NOT_EXIST", "message", "no such run");
        }
        if (body.path("metrics").size() > 1000
                || body.path("params").size() > 100
                || body.path("tags").size() > 100) {
            return Map.of("error_code", "INVALID_PARAMETER_VALUE", "message", "too many");
        }
        for (JsonNode param : body.path("params")) {
            if (param.path("value").asString("").isEmpty()
                    || param.path("value").asString().length() > 500) {
                return Map.of("error_code", "INVALID_PARAMETER_VALUE", "message", param.toString());
            }
        }
        for (JsonNode metric : body.path("metrics")) {
            if (mood == Mood.CHOOSY && metric.path("key").asString().equals(DISLIKED)) {
                return Map.of("error_code", "INVALID_PARAMETER_VALUE", "message", "disliked");
            }
        }
        body.path("params")
                .forEach(p ->
                        run.params.put(p.path("key").asString(), p.path("value").asString()));
        body.path("tags")
                .forEach(t ->
                        run.tags.put(t.path("key").asString(), t.path("value").asString()));
        // Like the real one: a point that is told again is there once.
        body.path("metrics").forEach(m -> {
            String point = m.path("key").asString() + " " + m.path("step").asString("0") + " "
                    + m.path("value").asDouble() + " " + m.path("timestamp").asString();
            if (!run.metrics.contains(point)) {
                run.metrics.add(point);
            }
        });
        return Map.of();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
