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
