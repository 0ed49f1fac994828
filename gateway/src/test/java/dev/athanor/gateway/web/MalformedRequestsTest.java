package dev.athanor.gateway.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.contracts.json.Json;
import dev.athanor.gateway.Gateway;
import dev.athanor.gateway.key.Role;
import dev.athanor.gateway.service.ApiKeyService;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** Whatever is wrong with a request: the answer is 4xx, problem+json, and names what is wrong; never 5xx. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MalformedRequestsTest {

    private static final String JSON = "application/json";
    private static final String NO_JOB = "job_01m82vbrkmqen1smft470s1nx4";
    private static final String NO_ARTIFACT = "sha256:" + "0".repeat(64);
    private static final Map<String, String> BODIES = Map.of(
            "/v1/jobs", "POST",
            "/v1/models", "POST",
            "/v1/deployments/x", "PUT",
            "/v1/deployments/x/promote", "POST",
            "/v1/api-keys", "POST",
            "/v1/sentiment", "POST");

    private interface Call {
        RawHttp send() throws Exception;
    }

    /** @param mentions what the answer must name */
    private record Case(String name, Call call, int status, String mentions) {}

    private final List<Case> cases = new ArrayList<>();
    private Gateway gateway;

    @BeforeAll
    void build() throws Exception {
        gateway = Gateway.shared();
        bodies();
        contentTypes();
        jobs();
        requests();
        queries();
        ids();
        paths();
        methods();
        callers();
        headers();
    }

    @TestFactory
    Stream<DynamicTest> isRefusedWithAReason() {
        return cases.stream().map(c -> DynamicTest.dynamicTest(c.name, () -> check(c)));
    }

    @Test
    void areMoreThanTwoHundred() {
        assertThat(cases).hasSizeGreaterThan(200);
    }

    private static void check(Case c) throws Exception {
        RawHttp answer = c.call.send();
        assertThat(answer.status()).as(answer.body()).isEqualTo(c.status);
        assertThat(answer.contentType()).startsWith("application/problem+json");
        JsonNode problem = Json.MAPPER.readTree(answer.body());
        assertThat(problem.path("type").asString("")).startsWith("urn:athanor:problem:");
        assertThat(problem.path("status").asInt()).isEqualTo(c.status);
        assertThat(problem.path("title").asString("")).isNotBlank();
        assertThat(problem.path("detail").asString("")).containsIgnoringCase(c.mentions);
        assertThat(answer.body())
                .doesNotContain("Exception")
                .doesNotContain("dev.athanor")
                .doesNotContain("tools.jackson");
    }

    private void bodies() {
        String deepArray = "[".repeat(50_000);
        String deepObject = "{\"a\":".repeat(2_000) + "1" + "}".repeat(2_000);
        String huge = "{\"name\":\"" + "x".repeat(2 << 20) + "\"}";
        BODIES.forEach((path, method) -> {
            body(method, path, "empty", "", 400, "body");
            body(method, path, "null", "null", 400, "expected an object");
            body(method, path, "array", "[]", 400, "expected an object");
            body(method, path, "text", "\"x\"", 400, "expected an object");
            body(method, path, "number", "12", 400, "expected an object");
            body(method, path, "cut off", "{\"name\":", 400, "well-formed JSON");
            body(method, path, "wrong bracket", "{]", 400, "well-formed JSON");
            body(method, path, "trailing comma", "{\"name\":\"x\",}", 400, "well-formed JSON");
            body(method, path, "two values", "{} {}", 400, "well-formed JSON");
            body(method, path, "field twice", "{\"name\":\"x\",\"name\":\"y\"}", 400, "name");
            body(method, path, "NaN", "{\"name\":NaN}", 400, "well-formed JSON");
            body(method, path, "single quotes", "{'name':'x'}", 400, "well-formed JSON");
            body(method, path, "deep array", deepArray, 400, "nesting");
            body(method, path, "deep object", deepObject, 400, "nesting");
            body(method, path, "huge", huge, 413, "1048576");
            body(method, path, "lone surrogate", "{\"name\":\"\\ud800\"}", 400, "name");
            body(method, path, "NUL", "{\"name\":\"a\\u0000b\"}", 400, "name");
            add(
                    method + " " + path + " bad UTF-8",
                    () -> exchange(method, path, JSON, new byte[] {
                        '{', '"', 'n', '"', ':', '"', (byte) 0xc3, (byte) 0x28, '"', '}'
                    }),
                    400,
                    "UTF-8");
            add(
                    method + " " + path + " bad YAML",
                    () -> exchange(
                            method, path, "application/yaml", "name: [x\nseed: }".getBytes(StandardCharsets.UTF_8)),
                    400,
                    "YAML");
        });
    }

    private void contentTypes() {
        for (String type : List.of("text/plain", "application/xml", "application/x-www-form-urlencoded", "nonsense")) {
            BODIES.forEach((path, method) -> add(
                    method + " " + path + " as " + type,
                    () -> exchange(method, path, type, "{}".getBytes(StandardCharsets.UTF_8)),
                    415,
                    "Content-Type"));
        }
        BODIES.forEach((path, method) -> add(
                method + " " + path + " without a type",
                () -> exchange(method, path, null, "{}".getBytes(StandardCharsets.UTF_8)),
                415,
                "Content-Type"));
    }

    private void jobs() {
        job("no name", "{\"seed\":1,\"stages\":[" + stage("a") + "]}", "name");
        job("blank name", spec("\" \"", "1", stage("a")), "name");
        job("null name", spec("null", "1", stage("a")), "name");
        job("name of an object", spec("{}", "1", stage("a")), "name");
        job("long name", spec("\"" + "n".repeat(201) + "\"", "1", stage("a")), "name");
        job("seed of text", spec("\"x\"", "\"1\"", stage("a")), "seed");
        job("seed of a fraction", spec("\"x\"", "1.5", stage("a")), "seed");
        job("seed too large", spec("\"x\"", "99999999999999999999", stage("a")), "seed");
        job("seed of a truth", spec("\"x\"", "true", stage("a")), "seed");
        job("seed null", spec("\"x\"", "null", stage("a")), "seed");
        job("no stages", "{\"name\":\"x\",\"seed\":1}", "stages");
        job("empty stages", spec("\"x\"", "1", ""), "stages");
        job("stages of text", "{\"name\":\"x\",\"seed\":1,\"stages\":\"a\"}", "stages");
        job("stages of an object", "{\"name\":\"x\",\"seed\":1,\"stages\":{}}", "stages");
        job("null stage", spec("\"x\"", "1", "null"), "stages");
        job("stage of a number", spec("\"x\"", "1", "3"), "stages[0]");
        job(
                "too many stages",
                spec(
                        "\"x\"",
                        "1",
                        String.join(
                                ",",
                                Stream.iterate(0, i -> i + 1)
                                        .limit(101)
                                        .map(i -> stage("s" + i))
                                        .toList())),
                "stages");
        for (String id : List.of("", "A", "1a", "a_b", "a b", "../a", "a".repeat(64))) {
            job("stage id '" + id + "'", spec("\"x\"", "1", stage(id)), "stages[0].id");
        }
        job("stage without id", spec("\"x\"", "1", "{\"type\":\"ingestion.documents\"}"), "stages[0].id");
        job("stage without type", spec("\"x\"", "1", "{\"id\":\"a\"}"), "stages[0].type");
        job("unknown type", spec("\"x\"", "1", "{\"id\":\"a\",\"type\":\"nope\"}"), "stages[0].type");
        job("type of a number", spec("\"x\"", "1", "{\"id\":\"a\",\"type\":0}"), "stages[0].type");
        job("one id twice", spec("\"x\"", "1", stage("a") + "," + stage("a")), "stages[1].id");
        job("no input", spec("\"x\"", "1", clean("{}")), "stages[0].inputs.documents");
        job("unknown role", spec("\"x\"", "1", clean("{\"documents\":\"a\",\"more\":\"a\"}")), "stages[0].inputs");
        job(
                "input of a later stage",
                spec("\"x\"", "1", clean("{\"documents\":\"a\"}") + "," + stage("a")),
                "inputs.documents");
        job("input of itself", spec("\"x\"", "1", clean("{\"documents\":\"c\"}")), "inputs.documents");
        job("null input", spec("\"x\"", "1", clean("{\"documents\":null}")), "inputs");
        job("inputs of text", spec("\"x\"", "1", clean("\"a\"")), "stages[0].inputs");
        job("artifact too short", spec("\"x\"", "1", clean("{\"documents\":\"sha256:00\"}")), "inputs.documents");
        job("spec of text", withSpec("\"x\""), "stages[0].spec");
        job("spec of an array", withSpec("[]"), "stages[0].spec");
        job("unknown field of a spec", withSpec("{\"speed\":1}"), "stages[0].spec.speed");
        job("number out of range", withSpec("{\"shardBytes\":-1}"), "stages[0].spec.shardBytes");
        job("number as text", withSpec("{\"shardBytes\":\"1024\"}"), "stages[0].spec.shardBytes");
        job(
                "source of unknown type",
                withSpec("{\"sources\":[{\"type\":\"ftp\",\"name\":\"a\"}]}"),
                "stages[0].spec.sources[0]");
        job("source without path", withSpec("{\"sources\":[{\"type\":\"folder\",\"name\":\"a\"}]}"), "sources[0].path");
        job("no sources", withSpec("{\"sources\":[]}"), "stages[0].spec.sources");
        job("null source", withSpec("{\"sources\":[null]}"), "sources");
        job(
                "bad URL",
                withSpec("{\"sources\":[{\"type\":\"http\",\"name\":\"a\",\"urls\":[\"file:///etc/passwd\"]}]}"),
                "urls[0]");
        for (String key : List.of("", " ", "a b", "x".repeat(201))) {
            add(
                    "Idempotency-Key '" + key + "'",
                    () -> send(request("/v1/jobs", JSON)
                            .header("Idempotency-Key", key)
                            .POST(BodyPublishers.ofString(spec("\"x\"", "1", stage("a"))))),
                    400,
                    "Idempotency-Key");
        }
    }

    private void requests() {
        String more = ",\"colour\":\"red\"}";
        job("unknown field", "{\"name\":\"x\",\"seed\":1,\"stages\":[" + stage("a") + "]" + more, "colour");
        body(
                "POST",
                "/v1/models",
                "unknown field",
                "{\"name\":\"a\",\"artifact\":\"" + NO_ARTIFACT + "\"" + more,
                400,
                "colour");
        body(
                "PUT",
                "/v1/deployments/x",
                "unknown field",
                "{\"variants\":[{\"name\":\"a\",\"model\":\"m\"}]" + more,
                400,
                "colour");
        body("POST", "/v1/deployments/x/promote", "unknown field", "{\"variant\":\"a\"" + more, 400, "colour");
        body("POST", "/v1/api-keys", "unknown field", "{\"name\":\"a\",\"role\":\"viewer\"" + more, 400, "colour");
        body("POST", "/v1/sentiment", "unknown field", "{\"text\":\"a\"" + more, 400, "colour");
        body("POST", "/v1/models", "no artifact", "{\"name\":\"a\"}", 400, "artifact");
        body("POST", "/v1/models", "bad name", "{\"name\":\"A!\",\"artifact\":\"" + NO_ARTIFACT + "\"}", 400, "name");
        body("POST", "/v1/models", "bad artifact", "{\"name\":\"a\",\"artifact\":\"x\"}", 400, "artifact");
        body(
                "POST",
                "/v1/models",
                "artifact that is not there",
                "{\"name\":\"a\",\"artifact\":\"" + NO_ARTIFACT + "\"}",
                400,
                "artifact");
        body("PUT", "/v1/deployments/x", "no variants", "{\"variants\":[]}", 400, "variants");
        body("PUT", "/v1/deployments/x", "null variant", "{\"variants\":[null]}", 400, "variants");
        body(
                "PUT",
                "/v1/deployments/x",
                "variant of nothing",
                "{\"variants\":[{\"name\":\"a\"}]}",
                400,
                "variants[0].model");
        body(
                "PUT",
                "/v1/deployments/x",
                "negative weight",
                "{\"variants\":[{\"name\":\"a\",\"model\":\"m\",\"weight\":-1}]}",
                400,
                "variants[0].weight");
        body(
                "PUT",
                "/v1/deployments/x",
                "unknown model",
                "{\"variants\":[{\"name\":\"a\",\"model\":\"m\"}]}",
                400,
                "variants[0].model");
        body("PUT", "/v1/deployments/X!", "bad name", "{\"variants\":[{\"name\":\"a\",\"model\":\"m\"}]}", 400, "name");
        body("POST", "/v1/deployments/x/promote", "unknown deployment", "{\"variant\":\"a\"}", 404, "deployment");
        body("POST", "/v1/deployments/x/rollback", "unknown deployment", "{}", 404, "deployment");
        body("POST", "/v1/deployments/x/rollback", "revision of text", "{\"revision\":\"a\"}", 400, "revision");
        body("POST", "/v1/api-keys", "no role", "{\"name\":\"a\"}", 400, "role");
        body("POST", "/v1/api-keys", "unknown role", "{\"name\":\"a\",\"role\":\"root\"}", 400, "role");
        body("POST", "/v1/api-keys", "blank name", "{\"name\":\"\",\"role\":\"viewer\"}", 400, "name");
        body("POST", "/v1/sentiment", "neither", "{}", 400, "text");
        body("POST", "/v1/sentiment", "both", "{\"text\":\"a\",\"texts\":[\"b\"]}", 400, "text");
        body("POST", "/v1/sentiment", "no texts", "{\"texts\":[]}", 400, "texts");
        body("POST", "/v1/sentiment", "null text", "{\"texts\":[\"a\",null]}", 400, "texts[1]");
        body("POST", "/v1/sentiment", "text of a number", "{\"text\":3}", 400, "text");
        body(
                "POST",
                "/v1/sentiment",
                "too many texts",
                "{\"texts\":[" + "\"a\",".repeat(300) + "\"a\"]}",
                400,
                "texts");
        body("POST", "/v1/sentiment", "text too long", "{\"text\":\"" + "a".repeat(100_001) + "\"}", 400, "text");
        body("POST", "/v1/sentiment", "bad deployment", "{\"text\":\"a\",\"deployment\":\"../x\"}", 400, "deployment");
    }

    private void queries() {
        for (String list : List.of("/v1/jobs", "/v1/models", "/v1/deployments", "/v1/api-keys")) {
            for (String limit : List.of("0", "-1", "101", "abc", "1.5", "1e2", "99999999999999999999", "%00")) {
                get(list + "?limit=" + limit, 400, "limit");
            }
            get(list + "?after=%27%20OR%201%3D1", 400, "after");
        }
        get("/v1/jobs?status=finished", 400, "status");
        for (String limit : List.of("0", "1001", "x")) {
            get("/v1/jobs/" + NO_JOB + "/events?limit=" + limit, 400, "limit");
        }
        get("/v1/jobs/" + NO_JOB + "/events?after=-1", 400, "after");
        get("/v1/jobs/" + NO_JOB + "/events?after=x", 400, "after");
        for (String points : List.of("0", "2", "10001", "many")) {
            get("/v1/jobs/" + NO_JOB + "/metrics?points=" + points, 400, "points");
        }
        get("/v1/jobs/" + NO_JOB + "/metrics?after=x", 400, "after");
    }

    private void ids() {
        for (String id : List.of(
                "x", "job_", NO_JOB, NO_JOB.toUpperCase(java.util.Locale.ROOT), "%27", "a".repeat(500), "%E2%98%83")) {
            get("/v1/jobs/" + id, 404, "no job");
            get("/v1/jobs/" + id + "/events", 404, "no job");
            get("/v1/jobs/" + id + "/artifacts", 404, "no job");
            body("POST", "/v1/jobs/" + id + "/cancel", "unknown job", "{}", 404, "no job");
        }
        for (String action : List.of("pause", "resume", "retry")) {
            body("POST", "/v1/jobs/x/" + action, "unknown job", "{}", 404, "no job");
        }
        get("/v1/jobs/x/metrics", 404, "no job");
        for (String id : List.of("x", "sha256:", "sha256:" + "G".repeat(64), "md5:" + "0".repeat(64), "0".repeat(64))) {
            get("/v1/artifacts/" + id, 400, "sha256");
            get("/v1/artifacts/" + id + "/lineage", 400, "sha256");
            get("/v1/artifacts/" + id + "/files/report.json", 400, "sha256");
        }
        get("/v1/artifacts/" + NO_ARTIFACT, 404, "artifact");
        get("/v1/artifacts/" + NO_ARTIFACT + "/lineage", 404, "artifact");
        get("/v1/artifacts/" + NO_ARTIFACT + "/files/report.json", 404, "artifact");
        get("/v1/models/x", 404, "no model");
        get("/v1/models/mdl_01m82vbrkmqen1smft470s1nx4", 404, "no model");
        get("/v1/deployments/x", 404, "no deployment");
        get("/v1/deployments/X%20Y", 404, "no deployment");
        get("/v1/deployments/x/revisions", 404, "no deployment");
        add(
                "DELETE unknown deployment",
                () -> send(request("/v1/deployments/x", null).DELETE()),
                404,
                "no deployment");
        add("DELETE unknown key", () -> send(request("/v1/api-keys/x", null).DELETE()), 404, "no API key");
    }

    private void paths() {
        for (String path : List.of(
                "/v1/nope",
                "/v2/jobs",
                "/v1/jobs/x/nope",
                "/nope",
                "/v1/artifacts",
                "/console/nope.js",
                "/actuator/nope",
                "/v1")) {
            raw(path, 404, "");
        }
        for (String path : List.of(
                "/v1/../actuator/env",
                "/v1/./jobs",
                "//v1/jobs",
                "/v1//jobs",
                "/v1/jobs/..%2f..%2fetc%2fpasswd",
                "/v1/jobs/%2e%2e/x",
                "/v1/jobs/%252e%252e%252f",
                "/v1/jobs/x;a=b",
                "/v1/jobs/x%00",
                "/v1/jobs/x%0d%0aSet-Cookie:a=b",
                "/v1/jobs/%",
                "/v1/jobs/%zz",
                "/v1/jobs/x\\y",
                "/v1/jobs/{id}",
                "/v1/jobs/<script>",
                "/v1/jobs/%ff",
                "/console/../../etc/passwd",
                "/console/..%2f..%2fgateway.yml",
                "/console/..;/gateway.yml",
                "/console/%2e%2e/gateway.yml",
                "/console//etc/passwd",
                "/v1/artifacts/" + NO_ARTIFACT + "/files/../../x",
                "/v1/artifacts/" + NO_ARTIFACT + "/files/%2e%2e%2fx",
                "/v1/artifacts/" + NO_ARTIFACT + "/files//etc/passwd")) {
            raw(path, 400, "");
        }
    }

    private void methods() {
        for (String method : List.of("PUT", "PATCH", "DELETE")) {
            for (String path : List.of(
                    "/v1/jobs", "/v1/stages", "/v1/sentiment", "/v1/api-keys", "/v1/models", "/v1/deployments")) {
                add(
                        method + " " + path,
                        () -> send(request(path, null).method(method, BodyPublishers.noBody())),
                        405,
                        method);
            }
        }
        add("GET cancel", () -> send(request("/v1/jobs/x/cancel", null).GET()), 405, "GET");
        add("GET sentiment", () -> send(request("/v1/sentiment", null).GET()), 405, "GET");
        for (String method : List.of("TRACE", "FOO", "get")) {
            add(
                    "method " + method,
                    () -> RawHttp.send(
                            gateway.port(),
                            (method + " /v1/jobs HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
                                            + Gateway.ADMIN_KEY + "\r\n\r\n")
                                    .getBytes(StandardCharsets.ISO_8859_1)),
                    method.equals("TRACE") ? 405 : 400,
                    "method");
        }
    }

    private void callers() {
        var keys = gateway.bean(ApiKeyService.class);
        String viewer = keys.create("viewer", Role.VIEWER).secret().value();
        String inference = keys.create("inference", Role.INFERENCE).secret().value();
        String operator = keys.create("operator", Role.OPERATOR).secret().value();
        ApiKeyService.Created revoked = keys.create("revoked", Role.ADMIN);
        keys.revoke(revoked.key().getId());
        for (String path : List.of(
                "/v1/jobs",
                "/v1/jobs/x",
                "/v1/jobs/x/events",
                "/v1/jobs/x/metrics",
                "/v1/jobs/x/artifacts",
                "/v1/stages",
                "/v1/artifacts/x",
                "/v1/models",
                "/v1/models/x",
                "/v1/deployments",
                "/v1/deployments/x",
                "/v1/api-keys",
                "/v1/sentiment",
                "/actuator/prometheus",
                "/actuator/env",
                "/nope")) {
            add("no key " + path, () -> RawHttp.get(gateway.port(), path), 401, "Authorization");
        }
        for (String header : List.of(
                "Basic YWRtaW46YWRtaW4=",
                "Bearer",
                "Bearer ",
                "Bearer x",
                "Bearer ath_",
                "Bearer ath_" + "x".repeat(43),
                Gateway.ADMIN_KEY,
                "Bearer " + Gateway.ADMIN_KEY + "x",
                "Bearer " + revoked.secret().value(),
                "Bearer " + Gateway.ADMIN_KEY.toUpperCase(java.util.Locale.ROOT),
                "Bearer ath_" + "x".repeat(5000))) {
            add(
                    "Authorization " + header,
                    () -> RawHttp.get(gateway.port(), "/v1/jobs", "Authorization: " + header),
                    401,
                    "Authorization");
        }
        add(
                "key in the query",
                () -> RawHttp.get(gateway.port(), "/v1/jobs?key=" + Gateway.ADMIN_KEY),
                401,
                "Authorization");
        as("viewer", viewer, "POST", "/v1/jobs", 403);
        as("viewer", viewer, "POST", "/v1/jobs/x/cancel", 403);
        as("viewer", viewer, "PUT", "/v1/deployments/x", 403);
        as("viewer", viewer, "DELETE", "/v1/deployments/x", 403);
        as("viewer", viewer, "POST", "/v1/sentiment", 403);
        as("viewer", viewer, "GET", "/v1/api-keys", 403);
        as("inference", inference, "GET", "/v1/jobs", 403);
        as("inference", inference, "POST", "/v1/jobs", 403);
        as("inference", inference, "GET", "/actuator/prometheus", 403);
        as("operator", operator, "GET", "/v1/api-keys", 403);
        as("operator", operator, "POST", "/v1/api-keys", 403);
        as("operator", operator, "GET", "/actuator/env", 403);
        as("internal", Gateway.INTERNAL_TOKEN, "GET", "/v1/jobs", 403);
    }

    private void headers() {
        for (String path : List.of("/v1/jobs", "/v1/stages", "/v1/models", "/v1/jobs/" + NO_JOB)) {
            add(
                    "Accept xml " + path,
                    () -> send(request(path, null)
                            .header("Accept", "application/xml")
                            .GET()),
                    406,
                    "Accept");
        }
        add(
                "Accept nonsense",
                () -> send(request("/v1/jobs", null).header("Accept", "???").GET()),
                406,
                "accept");
        add(
                "Last-Event-ID of text",
                () -> send(request("/v1/jobs/" + NO_JOB + "/events", null)
                        .header("Accept", "text/event-stream")
                        .header("Last-Event-ID", "abc")
                        .GET()),
                400,
                "Last-Event-ID");
        add(
                "Last-Event-ID below 0",
                () -> send(request("/v1/jobs/" + NO_JOB + "/events", null)
                        .header("Accept", "text/event-stream")
                        .header("Last-Event-ID", "-4")
                        .GET()),
                400,
                "Last-Event-ID");
        add(
                "stream of an unknown job",
                () -> send(request("/v1/jobs/" + NO_JOB + "/events", null)
                        .header("Accept", "text/event-stream")
                        .GET()),
                404,
                "no job");
        malformed("no Host", "GET /v1/jobs HTTP/1.1\r\nConnection: close\r\n\r\n");
        malformed("two Hosts", "GET /v1/jobs HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n");
        malformed("huge header", "GET /v1/jobs HTTP/1.1\r\nHost: a\r\nX-Big: " + "x".repeat(100_000) + "\r\n\r\n");
        malformed("length of text", "POST /v1/jobs HTTP/1.1\r\nHost: a\r\nContent-Length: many\r\n\r\n");
        malformed("negative length", "POST /v1/jobs HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n");
        malformed(
                "two lengths",
                "POST /v1/jobs HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello");
    }

    private void malformed(String name, String request) {
        add(name, () -> RawHttp.send(gateway.port(), request.getBytes(StandardCharsets.ISO_8859_1)), 400, "");
    }

    private void as(String who, String key, String method, String path, int status) {
        add(
                who + " " + method + " " + path,
                () -> RawHttp.send(
                        gateway.port(),
                        (method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
                                        + key + "\r\n\r\n")
                                .getBytes(StandardCharsets.ISO_8859_1)),
                status,
                path);
    }

    private void raw(String path, int status, String mentions) {
        add(
                "GET " + path,
                () -> RawHttp.get(gateway.port(), path, "Authorization: Bearer " + Gateway.ADMIN_KEY),
                status,
                mentions);
    }

    private void get(String path, int status, String mentions) {
        raw(path, status, mentions);
    }

    private void job(String name, String body, String mentions) {
        body("POST", "/v1/jobs", name, body, 400, mentions);
    }

    private void body(String method, String path, String name, String body, int status, String mentions) {
        add(
                method + " " + path + ": " + name,
                () -> exchange(method, path, JSON, body.getBytes(StandardCharsets.UTF_8)),
                status,
                mentions);
    }

    private void add(String name, Call call, int status, String mentions) {
        cases.add(new Case(
                cases.size() + " " + (name.length() > 120 ? name.substring(0, 120) + "…" : name),
                call,
                status,
                mentions));
    }

    private RawHttp exchange(String method, String path, String type, byte[] body) throws IOException {
        String head = method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
                + Gateway.ADMIN_KEY + "\r\n" + (type == null ? "" : "Content-Type: " + type + "\r\n")
                + "Content-Length: "
                + body.length + "\r\n\r\n";
        byte[] bytes = head.getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = java.util.Arrays.copyOf(bytes, bytes.length + body.length);
        System.arraycopy(body, 0, all, bytes.length, body.length);
        return RawHttp.send(gateway.port(), all);
    }

    private HttpRequest.Builder request(String path, String type) {
        HttpRequest.Builder request = gateway.request(path);
        return type == null ? request : request.header("Content-Type", type);
    }

    private RawHttp send(HttpRequest.Builder request) throws Exception {
        var answer = gateway.send(request);
        return new RawHttp(
                answer.statusCode(), answer.headers().firstValue("Content-Type").orElse(""), answer.body());
    }

    private static String spec(String name, String seed, String stages) {
        return "{\"name\":" + name + ",\"seed\":" + seed + ",\"stages\":[" + stages + "]}";
    }

    private static String stage(String id) {
        return "{\"id\":\"" + id + "\",\"type\":\"ingestion.documents\"}";
    }

    private static String clean(String inputs) {
        return "{\"id\":\"c\",\"type\":\"preprocessing.clean\",\"inputs\":" + inputs + "}";
    }

    private static String withSpec(String spec) {
        return spec("\"x\"", "1", "{\"id\":\"a\",\"type\":\"ingestion.documents\",\"spec\":" + spec + "}");
    }
}
