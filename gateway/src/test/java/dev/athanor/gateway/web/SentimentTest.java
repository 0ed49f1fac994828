package dev.athanor.gateway.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.contracts.json.Json;
import dev.athanor.gateway.FakeInference;
import dev.athanor.gateway.FakeInference.Response;
import dev.athanor.gateway.Gateway;
import dev.athanor.gateway.key.Role;
import dev.athanor.gateway.service.ApiKeyService;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class SentimentTest {

    private Gateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = Gateway.shared();
    }

    private JsonNode ok(String body) throws Exception {
        HttpResponse<String> answer = gateway.post("/v1/sentiment", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.MAPPER.readTree(answer.body());
    }

    private void refused(int status, String type, String says) throws Exception {
        HttpResponse<String> answer = gateway.post("/v1/sentiment", "{\"text\":\"x\"}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonNode problem = Json.MAPPER.readTree(answer.body());
        assertThat(problem.get("type").asString()).isEqualTo("urn:athanor:problem:" + type);
        assertThat(problem.get("detail").asString()).contains(says);
    }

    @Test
    void oneTextHasALabelManyHavePredictionsInOrder() throws Exception {
        try (var inference = FakeInference.positive(gateway.inferencePort())) {
            JsonNode one = ok("{\"text\":\"good\"}");
            assertThat(one.get("label").asString()).isEqualTo("positive");
            assertThat(one.get("probabilities").get("positive").asDouble()).isEqualTo(0.91);
            assertThat(one.has("predictions")).isFalse();
            JsonNode many = ok("{\"texts\":[\"a\",\"b\"],\"deployment\":\"films\"}");
            assertThat(many.get("predictions")).hasSize(2);
            assertThat(many.has("label")).isFalse();

            var asked = inference.requests();
            assertThat(asked.get(0).body().get("deployment").asString()).isEqualTo("sentiment");
            assertThat(asked.get(1).body().get("deployment").asString()).isEqualTo("films");
            assertThat(asked.get(1).body().get("texts").get(1).asString()).isEqualTo("b");
            assertThat(asked)
                    .allSatisfy(r -> assertThat(r.headers().get("Authorization"))
                            .containsExactly("Bearer " + Gateway.INTERNAL_TOKEN));
        }
    }

    @Test
    void aKeyForInferenceIsEnoughAndTheRequestIdIsPassedOn() throws Exception {
        String key = gateway.bean(ApiKeyService.class)
                .create("app", Role.INFERENCE)
                .secret()
                .value();
        try (var inference = FakeInference.positive(gateway.inferencePort())) {
            var answer = gateway.send(gateway.request("/v1/sentiment", key)
                    .header("Content-Type", "application/json")
                    .header("X-Request-Id", "caller-7")
                    .POST(BodyPublishers.ofString("{\"text\":\"x\"}")));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(inference.requests().getFirst().headers().get("X-request-id"))
                    .containsExactly("caller-7");
        }
    }

    @Test
    void whatTheServiceRefusesIsPassedThrough() throws Exception {
        String problem =
                "{\"type\":\"urn:athanor:problem:not-found\",\"status\":404,\"detail\":\"no deployment 'sentiment'\"}";
        try (var inference = answering(404, problem)) {
            refused(404, "not-found", "no deployment 'sentiment'");
        }
        String invalid =
                "{\"type\":\"urn:athanor:problem:invalid-request\",\"status\":400,\"detail\":\"texts[0]: too long\","
                        + "\"errors\":[{\"field\":\"texts[0]\",\"value\":\"x\",\"expected\":\"fewer tokens\"}]}";
        try (var inference = answering(400, invalid)) {
            HttpResponse<String> answer = gateway.post("/v1/sentiment", "{\"text\":\"x\"}");
            assertThat(Json.MAPPER
                            .readTree(answer.body())
                            .get("errors")
                            .get(0)
                            .get("field")
                            .asString())
                    .isEqualTo("texts[0]");
        }
    }

    @Test
    void aMissingSlowOrOddServiceIsNamed() throws Exception {
        refused(503, "unavailable", "cannot be reached");
        try (var inference = new FakeInference(gateway.inferencePort(), request -> {
            Thread.sleep(5000);
            return new Response(200, "application/json", "{}");
        })) {
            refused(504, "timeout", "in time");
        }
        try (var inference = answering(502, "<html>bad gateway</html>")) {
            refused(503, "unavailable", "status 502");
        }
        try (var inference =
                answering(401, "{\"type\":\"urn:athanor:problem:unauthenticated\",\"detail\":\"token\"}")) {
            refused(500, "internal", "");
        }
        try (var inference = answering(200, "{\"predictions\":[]}")) {
            refused(500, "internal", "another number of texts");
        }
        try (var inference = answering(200, "not json")) {
            refused(500, "internal", "cannot be read");
        }
    }

    private FakeInference answering(int status, String body) throws Exception {
        return new FakeInference(
                gateway.inferencePort(), request -> new Response(status, "application/problem+json", body));
    }
}
