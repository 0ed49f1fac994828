package dev.athanor.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.contracts.json.Json;
import dev.athanor.standalone.demo.PipelineTemplate;
import dev.athanor.standalone.demo.SyntheticData;
import dev.athanor.standalone.server.Home;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The whole system as a user runs it: a server process of its own, jobs over REST, a served model, and a kill -9 of
 * everything in the middle of training.
 */
class EndToEndTest {

    private static final int PORT = 28_100;
    private static final Pattern METRIC = Pattern.compile("\\b(athanor|http|jvm|process|hikaricp)_[a-z0-9_]+");

    @TempDir
    Path folder;

    private ServerOptions options() {
        var options = new ServerOptions();
        options.homeOption.folder = folder.resolve("home");
        options.port = PORT;
        options.memory = "1g";
        options.dataRoots.add(folder.resolve("data"));
        return options;
    }

    @AfterEach
    void down() throws Exception {
        ServerProcess.down(options().home());
    }

    @Test
    @Timeout(600)
    void fromTextToAServedModelAndAgainTheSameBytesAfterAKill() throws Exception {
        Path data = SyntheticData.write(Files.createDirectories(folder.resolve("data")), 3, 400);
        Map<String, Object> job = PipelineTemplate.job(new PipelineTemplate.Settings(
                data,
                3,
                0,
                Map.of("layers", 2, "heads", 2, "keyValueHeads", 2, "width", 64, "context", 64),
                Map.of("steps", 60, "batchSize", 8, "warmupSteps", 5, "checkpointEverySteps", 10),
                Map.of("epochs", 1, "maxTokens", 32),
                500,
                false));
        var console = new PrintWriter(System.out, true);
        String url = new ServerProcess(options(), console).up();
        var gateway = new GatewayClient(url, options().home().adminKey());

        JsonNode calm = run(gateway, job);
        Map<String, String> artifacts = artifacts(calm);
        assertThat(artifacts).hasSize(10);
        servesPredictions(gateway);
        reportsModelAndBaseline(gateway, calm);
        exposesWhatTheDashboardAsksFor();
        looksIntoTheModels(gateway, artifacts);
        pausesResumesAndCancels(gateway, job, calm);

        String killed = gateway.post("/v1/jobs", job, Map.of()).path("id").asString();
        awaitTrainingStep(gateway, killed, 25);
        Home home = options().home();
        ProcessHandle server = home.running().orElseThrow();
        server.destroyForcibly();
        server.onExit().get();
        gateway = new GatewayClient(new ServerProcess(options(), console).up(), home.adminKey());
        JsonNode resumed = new JobFollower(gateway, console).follow(killed);
        assertThat(resumed.path("status").asString()).as("%s", resumed).isEqualTo("succeeded");
        assertThat(artifacts(resumed)).isEqualTo(artifacts);
    }

    private static JsonNode run(GatewayClient gateway, Map<String, Object> job) throws Exception {
        String id = gateway.post("/v1/jobs", job, Map.of()).path("id").asString();
        JsonNode done = new JobFollower(gateway, new PrintWriter(System.out, true)).follow(id);
        assertThat(done.path("status").asString()).as("%s", done).isEqualTo("succeeded");
        return done;
    }

    private static Map<String, String> artifacts(JsonNode job) {
        var artifacts = new TreeMap<String, String>();
        for (JsonNode stage : job.path("stages")) {
            artifacts.put(stage.path("id").asString(), stage.path("artifact").asString());
        }
        return artifacts;
    }

    private static void looksIntoTheModels(GatewayClient gateway, Map<String, String> artifacts) throws Exception {
        var models = new ModelJobs(gateway, artifacts);
        Map<String, String> made = artifacts(run(gateway, models.job()));
        models.check(made);
        models.askAtOnce(made);
    }

    /** Training that is paused goes on where it was; the steps that the series shows follow each other. */
    private static void pausesResumesAndCancels(GatewayClient gateway, Map<String, Object> job, JsonNode done)
            throws Exception {
        String id = gateway.post("/v1/jobs", trainingOnly(job, artifacts(done)), Map.of())
                .path("id")
                .asString();
        awaitTrainingStep(gateway, id, 3);
        gateway.post("/v1/jobs/" + id + "/pause", Map.of(), Map.of());
        awaitStatus(gateway, id, "paused");
        // No work is under way when the service has said so; what it had told by then may still be on its way.
        long paused = awaitSameStep(gateway, id);
        gateway.post("/v1/jobs/" + id + "/resume", Map.of(), Map.of());
        awaitTrainingStep(gateway, id, (int) paused + 3);
        gateway.post("/v1/jobs/" + id + "/cancel", Map.of(), Map.of());
        awaitStatus(gateway, id, "cancelled");
        long cancelled = awaitSameStep(gateway, id);
        assertThat(cancelled).isGreaterThan(paused).isLessThan(100_000);
        JsonNode series = gateway.get("/v1/jobs/" + id + "/metrics?name=loss&points=10000")
                .path("data")
                .path(0);
        assertThat(series.path("recorded").asLong()).isEqualTo(cancelled);
    }

    private static Map<String, Object> trainingOnly(Map<String, Object> job, Map<String, String> artifacts) {
        Map<?, ?> pretrain = ((List<?>) job.get("stages"))
                .stream()
                        .map(stage -> (Map<?, ?>) stage)
                        .filter(stage -> stage.get("id").equals("pretrain"))
                        .findFirst()
                        .orElseThrow();
        var spec = new TreeMap<String, Object>();
        ((Map<?, ?>) pretrain.get("spec")).forEach((name, value) -> spec.put(String.valueOf(name), value));
        spec.put("steps", 100_000);
        return Map.of(
                "name",
                "long",
                "seed",
                3,
                "stages",
                List.of(Map.of(
                        "id",
                        "pretrain",
                        "type",
                        "trainer.pretrain",
                        "inputs",
                        Map.of("tokens", artifacts.get("encode"), "tokenizer", artifacts.get("tokenizer")),
                        "spec",
                        spec)));
    }

    private static void awaitStatus(GatewayClient gateway, String id, String status) throws Exception {
        for (int i = 0; i < 1200; i++) {
            if (gateway.get("/v1/jobs/" + id).path("status").asString().equals(status)) {
                return;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("job did not become " + status + ": " + gateway.get("/v1/jobs/" + id));
    }

    /** The last step that is known, once it has been the same for two seconds. */
    private static long awaitSameStep(GatewayClient gateway, String id) throws Exception {
        long before = -1;
        for (int i = 0; i < 60; i++) {
            JsonNode points = gateway.get("/v1/jobs/" + id + "/metrics?name=loss&points=3")
                    .path("data")
                    .path(0)
                    .path("points");
            long last = points.path(points.size() - 1).path(0).asLong();
            if (last == before) {
                return last;
            }
            before = last;
            Thread.sleep(2000);
        }
        throw new AssertionError("training of job " + id + " did not stop");
    }

    private static void servesPredictions(GatewayClient gateway) throws Exception {
        JsonNode answer = null;
        for (int attempt = 0; answer == null; attempt++) {
            try {
                answer = gateway.post(
                        "/v1/sentiment", Map.of("texts", List.of("The soup was superb.", "It was dull.")), Map.of());
            } catch (IOException e) {
                assertThat(attempt)
                        .as("the deployment is ready soon: %s", e.getMessage())
                        .isLessThan(40);
                Thread.sleep(500);
            }
        }
        assertThat(answer.path("predictions")).hasSize(2);
        for (JsonNode prediction : answer.path("predictions")) {
            double sum = 0;
            for (JsonNode probability : prediction.path("probabilities")) {
                sum += probability.asDouble();
            }
            assertThat(sum).isBetween(0.999, 1.001);
            assertThat(prediction
                            .path("probabilities")
                            .has(prediction.path("label").asString()))
                    .isTrue();
        }
    }

    private static void reportsModelAndBaseline(GatewayClient gateway, JsonNode job) throws Exception {
        String report = artifacts(job).get("report");
        assertThat(gateway.text("/v1/artifacts/" + report + "/files/report.md")).containsIgnoringCase("baseline");
        JsonNode lineage = gateway.get("/v1/artifacts/" + artifacts(job).get("deploy") + "/lineage");
        // From the served bundle back to the documents.
        assertThat(lineage.toString())
                .contains(artifacts(job).get("ingest"))
                .contains(artifacts(job).get("tokenizer"));
    }

    /** Every metric named in a dashboard query is really exposed by some service. */
    private void exposesWhatTheDashboardAsksFor() throws Exception {
        Set<String> exposed = new TreeSet<>();
        String token = Files.readString(options().home().folder().resolve("run/internal.token"))
                .trim();
        for (int port = PORT; port < PORT + 8; port++) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/prometheus"))
                    .timeout(Duration.ofSeconds(20))
                    .header("Authorization", "Bearer " + token)
                    .build();
            try (var http = HttpClient.newHttpClient()) {
                var response = http.send(request, HttpResponse.BodyHandlers.ofString());
                assertThat(response.statusCode()).as("metrics of port %d", port).isEqualTo(200);
                response.body()
                        .lines()
                        .filter(line -> !line.startsWith("#"))
                        .forEach(line -> exposed.add(line.split("[{ ]", 2)[0]));
            }
        }
        Path dashboards = Path.of("").toAbsolutePath().getParent().resolve("deploy/grafana/dashboards");
        try (Stream<Path> files = Files.list(dashboards)) {
            for (Path dashboard : files.toList()) {
                for (JsonNode panel :
                        Json.MAPPER.readTree(Files.readString(dashboard)).path("panels")) {
                    for (JsonNode target : panel.path("targets")) {
                        Set<String> asked = METRIC.matcher(target.path("expr").asString())
                                .results()
                                .map(m -> m.group())
                                .collect(Collectors.toCollection(TreeSet::new));
                        assertThat(asked)
                                .as("metrics in '%s'", target.path("expr").asString())
                                .isNotEmpty();
                        assertThat(exposed).as("panel %s", panel.path("title")).containsAll(asked);
                    }
                }
            }
        }
    }

    private static void awaitTrainingStep(GatewayClient gateway, String job, int step) throws Exception {
        for (int i = 0; i < 2400; i++) {
            for (JsonNode stage : gateway.get("/v1/jobs/" + job).path("stages")) {
                if (stage.path("id").asString().equals("pretrain")
                        && stage.path("progress").path("unit").asString().equals("steps")
                        && stage.path("progress").path("done").asLong() >= step) {
                    return;
                }
            }
            Thread.sleep(50);
        }
        throw new AssertionError("training did not reach step " + step);
    }
}
