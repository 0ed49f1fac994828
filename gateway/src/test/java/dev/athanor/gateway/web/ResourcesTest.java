package dev.athanor.gateway.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.artifacts.ledger.LedgerEntry;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.UploadedFile;
import dev.athanor.gateway.Gateway;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Artifacts, models, deployments, keys, and what is open to everybody. */
class ResourcesTest {

    private Gateway gateway;
    private ArtifactStore store;

    @BeforeEach
    void start() throws Exception {
        gateway = Gateway.shared();
        store = gateway.bean(ArtifactStore.class);
    }

    private JsonNode get(String path) throws Exception {
        return json(gateway.get(path), 200);
    }

    private JsonNode post(String path, String body, int status) throws Exception {
        return json(gateway.post(path, body), status);
    }

    private JsonNode put(String path, String body, int status) throws Exception {
        return json(
                gateway.send(gateway.request(path)
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofString(body))),
                status);
    }

    private static JsonNode json(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return Json.MAPPER.readTree(answer.body());
    }

    private ArtifactId artifact(ArtifactKind kind, Map<String, ArtifactId> inputs, String name, String text)
            throws IOException {
        var file = new ArtifactFile(name, store.put(text.getBytes(StandardCharsets.UTF_8)));
        return store.publish(new Manifest(
                kind,
                1,
                List.of(file),
                new TreeMap<>(Map.of("documents", 3L)),
                new TreeMap<>(inputs),
                Json.MAPPER.createObjectNode(),
                7,
                "test/1",
                List.of("CC0-1.0")));
    }

    private ArtifactId bundle(String text) throws IOException {
        return artifact(ArtifactKind.DEPLOYMENT_BUNDLE, Map.of(), "config.json", text);
    }

    @Test
    void anUploadGivesWhatASpecificationTakesForIt() throws Exception {
        JsonNode answer = json(
                gateway.send(gateway.request("/v1/uploads?name=own.model").POST(BodyPublishers.ofString("hello"))),
                201);
        UploadedFile file = Json.MAPPER.treeToValue(answer, UploadedFile.class);
        assertThat(file.name()).isEqualTo("own.model");
        assertThat(store.open(file.blob()).readAllBytes())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("hello");
        JsonNode trick =
                json(gateway.send(gateway.request("/v1/uploads?name=..%2Fx").POST(BodyPublishers.ofString("x"))), 400);
        assertThat(trick.path("detail").asString()).contains("a file name");
    }

    @Test
    void takedownReachesLiveDeployments() throws Exception {
        String mark = UUID.randomUUID().toString();
        var entry = new LedgerEntry(mark, "web", "https://e.org/" + mark, null, null, "allowed", null, mark, "s");
        byte[] ledger = Zstd.compress((Json.MAPPER.writeValueAsString(entry) + "\n").getBytes(StandardCharsets.UTF_8));
        ArtifactId raw = store.publish(new Manifest(
                ArtifactKind.RAW_DOCUMENTS,
                1,
                List.of(new ArtifactFile(LedgerEntry.FILE, store.put(ledger))),
                new TreeMap<>(),
                new TreeMap<>(),
                Json.MAPPER.createObjectNode(),
                7,
                "test/1",
                List.of()));
        ArtifactId model = artifact(ArtifactKind.CLASSIFIER, Map.of("examples", raw), "config.json", mark);
        ArtifactId bundle = artifact(ArtifactKind.DEPLOYMENT_BUNDLE, Map.of("classifier", model), "config.json", mark);
        String name = "takedown-" + mark.substring(0, 8);
        put(
                "/v1/deployments/" + name,
                "{\"variants\":[{\"name\":\"a\",\"artifact\":\"" + bundle + "\"},{\"name\":\"b\",\"artifact\":\""
                        + bundle("other " + mark) + "\"}]}",
                200);
        JsonNode report = get("/v1/takedown?url=https://e.org/" + mark);
        assertThat(report.get("reached"))
                .extracting(r -> r.get("artifact").asString())
                .containsExactly(raw.value(), model.value(), bundle.value());
        assertThat(report.get("live")).hasSize(1);
        JsonNode live = report.get("live").get(0);
        assertThat(live.get("deployment").asString()).isEqualTo(name);
        assertThat(live.get("variant").asString()).isEqualTo("a");
        assertThat(json(gateway.get("/v1/takedown"), 400).toString()).contains("url, id and textSha256");
    }

    @Test
    void anArtifactShowsManifestLineageAndFiles() throws Exception {
        ArtifactId raw = artifact(
                ArtifactKind.RAW_DOCUMENTS,
                Map.of(),
                "shards/00000.jsonl.zst",
                UUID.randomUUID().toString());
        ArtifactId report =
                artifact(ArtifactKind.REPORT, Map.of("documents", raw), "tables/report.json", "{\"accuracy\":1}");
        JsonNode manifest = get("/v1/artifacts/" + report);
        assertThat(manifest.get("manifest").get("kind").asString()).isEqualTo("report");
        assertThat(manifest.get("sizeBytes").asLong()).isEqualTo(14);
        JsonNode lineage = get("/v1/artifacts/" + report + "/lineage");
        assertThat(lineage.get("nodes")).hasSize(2);
        assertThat(lineage.get("nodes").get(0).get("inputs").get("documents").asString())
                .isEqualTo(raw.value());

        HttpResponse<String> file = gateway.get("/v1/artifacts/" + report + "/files/tables/report.json");
        assertThat(file.body()).isEqualTo("{\"accuracy\":1}");
        assertThat(file.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(file.headers().firstValue("Content-Disposition").orElse(""))
                .contains("attachment")
                .contains("report.json");
        assertThat(file.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(gateway.get("/v1/artifacts/" + report + "/files/other.json").statusCode())
                .isEqualTo(404);
    }

    @Test
    void aLargeFileIsStreamed() throws Exception {
        String text = "0123456789abcdef".repeat((20 << 20) / 16);
        ArtifactId big = artifact(ArtifactKind.EXPORTED_MODEL, Map.of(), "model.onnx", text);
        HttpResponse<String> file = gateway.get("/v1/artifacts/" + big + "/files/model.onnx");
        assertThat(file.statusCode()).isEqualTo(200);
        assertThat(file.headers().firstValueAsLong("Content-Length")).hasValue(text.length());
        assertThat(file.body().equals(text)).as("the same bytes").isTrue();
    }

    @Test
    void modelsGetVersionsAndOnlyBundlesAreModels() throws Exception {
        String name = "m" + UUID.randomUUID().toString().substring(0, 8);
        String first = "{\"name\":\"" + name + "\",\"artifact\":\"" + bundle(name + 1) + "\"}";
        JsonNode one = post("/v1/models", first, 201);
        assertThat(post("/v1/models", first, 201)).isEqualTo(one);
        JsonNode two = post("/v1/models", "{\"name\":\"" + name + "\",\"artifact\":\"" + bundle(name + 2) + "\"}", 201);
        assertThat(one.get("version").asInt()).isEqualTo(1);
        assertThat(two.get("version").asInt()).isEqualTo(2);
        assertThat(get("/v1/models/" + two.get("id").asString())).isEqualTo(two);
        ArtifactId report = artifact(ArtifactKind.REPORT, Map.of(), "report.json", "{}");
        assertThat(post("/v1/models", "{\"name\":\"" + name + "\",\"artifact\":\"" + report + "\"}", 400)
                        .get("detail")
                        .asString())
                .contains("artifact")
                .contains("deployment-bundle");
    }

    @Test
    void aDeploymentSharesTrafficIsPromotedRolledBackAndTakenDown() throws Exception {
        String name = "d" + UUID.randomUUID().toString().substring(0, 8);
        String path = "/v1/deployments/" + name;
        ArtifactId a = bundle(name + "a");
        String model = post(
                        "/v1/models", "{\"name\":\"" + name + "\",\"artifact\":\"" + bundle(name + "b") + "\"}", 201)
                .get("id")
                .asString();
        put(path, "{\"variants\":[{\"name\":\"a\",\"artifact\":\"" + a + "\"}]}", 200);
        JsonNode both = put(
                path,
                "{\"variants\":[{\"name\":\"a\",\"artifact\":\"" + a + "\",\"weight\":9},{\"name\":\"b\",\"model\":\""
                        + model + "\"}]}",
                200);
        assertThat(both.get("revision").asLong()).isEqualTo(2);
        assertThat(both.get("variants").get(0).get("weight").asDouble()).isEqualTo(9);
        assertThat(post(path + "/promote", "{\"variant\":\"c\"}", 400)
                        .get("detail")
                        .asString())
                .contains("[a, b]");
        JsonNode promoted = post(path + "/promote", "{\"variant\":\"b\"}", 200);
        assertThat(promoted.get("variants")).hasSize(1);
        assertThat(promoted.get("variants").get(0).get("name").asString()).isEqualTo("b");
        assertThat(post(path + "/rollback", "{}", 200).get("variants")).isEqualTo(both.get("variants"));
        assertThat(post(path + "/rollback", "{\"revision\":1}", 200).get("variants"))
                .hasSize(1);
        assertThat(post(path + "/rollback", "{\"revision\":99}", 409)
                        .get("detail")
                        .asString())
                .contains("99");
        assertThat(get(path + "/revisions").get("data")).hasSize(5);

        assertThat(gateway.send(gateway.request(path).DELETE()).statusCode()).isEqualTo(204);
        assertThat(gateway.get(path).statusCode()).isEqualTo(404);
        assertThat(get("/v1/deployments?limit=100")
                        .get("data")
                        .valueStream()
                        .map(d -> d.get("name").asString()))
                .doesNotContain(name);
        JsonNode again = put(path, "{\"variants\":[{\"name\":\"a\",\"artifact\":\"" + a + "\"}]}", 200);
        assertThat(again.get("revision").asLong())
                .as("revisions go on after a deletion")
                .isEqualTo(7);
    }

    @Test
    void aKeyIsShownOnceAndIsWorthlessWhenRevoked() throws Exception {
        JsonNode made = post("/v1/api-keys", "{\"name\":\"ci\",\"role\":\"viewer\"}", 201);
        String key = made.get("key").asString();
        assertThat(gateway.send(gateway.request("/v1/jobs", key)).statusCode()).isEqualTo(200);
        HttpResponse<String> list = gateway.get("/v1/api-keys?limit=100");
        assertThat(list.body())
                .contains(made.get("id").asString())
                .doesNotContain(key)
                .doesNotContain("hash");
        json(
                gateway.send(gateway.request("/v1/api-keys/" + made.get("id").asString())
                        .DELETE()),
                200);
        assertThat(gateway.send(gateway.request("/v1/jobs", key)).statusCode()).isEqualTo(401);
    }

    @Test
    void descriptionConsoleAndHealthAreOpenAndDescribeEverything() throws Exception {
        for (String path : List.of(
                "/v1/openapi",
                "/swagger-ui/index.html",
                "/console/",
                "/console/app.js",
                "/actuator/health",
                "/actuator/health/readiness")) {
            assertThat(RawHttp.get(gateway.port(), path).status()).as(path).isEqualTo(200);
        }
        JsonNode paths = Json.MAPPER.readTree(gateway.get("/v1/openapi").body()).get("paths");
        assertThat(paths.propertyNames())
                .contains(
                        "/v1/jobs",
                        "/v1/jobs/{id}",
                        "/v1/jobs/{id}/cancel",
                        "/v1/jobs/{id}/pause",
                        "/v1/jobs/{id}/resume",
                        "/v1/jobs/{id}/retry",
                        "/v1/jobs/{id}/events",
                        "/v1/jobs/{id}/metrics",
                        "/v1/jobs/{id}/artifacts",
                        "/v1/stages",
                        "/v1/artifacts/{id}",
                        "/v1/artifacts/{id}/lineage",
                        "/v1/models",
                        "/v1/deployments/{name}",
                        "/v1/sentiment",
                        "/v1/api-keys")
                .doesNotContain("/error");
        HttpResponse<String> console = gateway.get("/console/");
        assertThat(console.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'")
                .doesNotContain("unsafe");
    }

    @Test
    void metricsAreForViewersAndTheInternalTokenAndNameNoJob() throws Exception {
        for (String key : List.of(Gateway.ADMIN_KEY, Gateway.INTERNAL_TOKEN)) {
            HttpResponse<String> metrics = gateway.send(gateway.request("/actuator/prometheus", key));
            assertThat(metrics.statusCode()).isEqualTo(200);
            assertThat(metrics.body())
                    .contains("athanor_gateway_jobs_submitted_total")
                    .contains("athanor_gateway_jobs_finished_total{status=\"failed\"}")
                    .contains("http_server_requests_seconds")
                    .doesNotContain("job_0");
        }
    }
}
