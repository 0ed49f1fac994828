package dev.athanor.inference.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.json.Json;
import dev.athanor.inference.deployment.Prediction;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class RequestsTest {

    private static SentimentRequest sentiment(JsonNode body) {
        return RequestBodies.read(body, SentimentRequest.class);
    }

    @Test
    void aRequestWithoutADeploymentGoesToSentiment() {
        var request = sentiment(Json.MAPPER.readTree("{\"texts\":[\"good\",\"\"]}"));
        assertThat(request.deploymentOrDefault()).isEqualTo("sentiment");
        assertThat(request.texts()).containsExactly("good", "");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]|a JSON object",
                "{}|texts",
                "{\"texts\":[]}|1 to 256",
                "{\"texts\":\"good\"}|texts",
                "{\"texts\":[null]}|texts",
                "{\"texts\":[1]}|texts",
                "{\"texts\":[\"a\"],\"text\":1}|text",
                "{\"texts\":[\"a\"],\"deployment\":7}|deployment",
            })
    void whatIsWrongIsNamed(String body, String named) {
        assertThatThrownBy(() -> sentiment(Json.MAPPER.readTree(body)))
                .isInstanceOfSatisfying(
                        AthanorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
                .hasMessageContaining(named);
    }

    @Test
    void manyAndLongTextsAreRefused() {
        var many = Json.tree(Map.of("texts", java.util.Collections.nCopies(257, "a")));
        assertThatThrownBy(() -> sentiment(many)).hasMessageContaining("257 texts");
        assertThat(sentiment(Json.tree(Map.of("texts", List.of("a".repeat(65_536)))))
                        .texts())
                .hasSize(1);
        assertThatThrownBy(() -> sentiment(Json.tree(Map.of("texts", List.of("b", "a".repeat(65_537))))))
                .hasMessageContaining("texts[1]")
                .hasMessageContaining("65536 bytes");
        assertThatThrownBy(() -> sentiment(Json.tree(Map.of("texts", List.of("é".repeat(40_000))))))
                .hasMessageContaining("texts[0]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"inputs\":\"a\"}|[a]|false",
                "{\"inputs\":[\"a\"]}|[a]|false",
                "{\"inputs\":[[\"a\"],[\"b\"]],\"truncate\":true}|[a, b]|true",
                "{\"inputs\":[[\"a\"]]}|[a]|true",
            })
    void inputsComeInThreeShapes(String body, String texts, boolean batch) {
        var request = PredictRequest.read(Json.MAPPER.readTree(body));
        assertThat(request.texts()).hasToString(texts);
        assertThat(request.batch()).isEqualTo(batch);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}|inputs",
                "{\"inputs\":[]}|inputs",
                "{\"inputs\":7}|inputs",
                "{\"inputs\":[\"a\",\"b\"]}|pairs",
                "{\"inputs\":[[\"a\"],[\"b\",\"c\"]]}|inputs[1]",
                "{\"inputs\":[[\"a\"],[7]]}|inputs[1][0]",
                "{\"inputs\":\"a\",\"raw_scores\":true}|raw_scores",
            })
    void otherShapesAreRefusedByName(String body, String named) {
        assertThatThrownBy(() -> PredictRequest.read(Json.MAPPER.readTree(body)))
                .isInstanceOfSatisfying(
                        AthanorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
                .hasMessageContaining(named);
    }

    @Test
    void scoresGoFromHighToLow() {
        var one = new PredictRequest(List.of("a"), false);
        var prediction = new Prediction("good", Map.of("good", 0.9, "bad", 0.1), false);
        assertThat(Json.tree(one.answer(List.of(prediction))))
                .hasToString("[{\"score\":0.9,\"label\":\"good\"},{\"score\":0.1,\"label\":\"bad\"}]");
        var many = new PredictRequest(List.of("a"), true);
        assertThat(Json.tree(many.answer(List.of(prediction)))
                        .get(0)
                        .get(0)
                        .get("label")
                        .asString())
                .isEqualTo("good");
    }
}
