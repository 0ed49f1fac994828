package dev.athanor.inference.web;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.error.Violation;
import dev.athanor.inference.deployment.Prediction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * {@code POST /predict} in the form of text-embeddings-inference: {@code inputs} is a text, {@code ["text"]}, or
 * {@code [["text"], ["text"], …]} for a batch. Pairs of texts ({@code ["a", "b"]}) are refused: no deployed model takes them. Of its options, {@code truncate} and the
 * like are ignored, because texts are always cut to the model's context; {@code raw_scores} is refused.
 *
 * @param batch whether the answer is one list of scores a text, rather than one list
 */
record PredictRequest(List<String> texts, boolean batch) {

    /** @param score probability */
    record Score(double score, String label) {}

    static PredictRequest read(JsonNode body) {
        JsonNode inputs = body.path("inputs");
        if (body.path("raw_scores").asBoolean(false)) {
            throw invalid("raw_scores", "true", "false or nothing: scores are probabilities");
        }
        if (inputs.isString()) {
            return new PredictRequest(List.of(text("inputs", inputs)), false);
        }
        if (!inputs.isArray() || inputs.isEmpty()) {
            throw invalid("inputs", inputs.toString(), "a text, [\"text\"], or [[\"text\"], …] for several");
        }
        if (inputs.get(0).isString()) {
            return new PredictRequest(List.of(single("inputs", inputs)), false);
        }
        if (inputs.size() > SentimentRequest.MAX_TEXTS) {
            throw invalid("inputs", inputs.size() + " texts", "at most " + SentimentRequest.MAX_TEXTS + " texts");
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            texts.add(single("inputs[" + i + "]", inputs.get(i)));
        }
        return new PredictRequest(List.copyOf(texts), true);
    }

    /** @param predictions one a text */
    Object answer(List<Prediction> predictions) {
        List<List<Score>> scores =
                predictions.stream().map(PredictRequest::scores).toList();
        return batch ? scores : scores.getFirst();
    }

    private static List<Score> scores(Prediction prediction) {
        return prediction.probabilities().entrySet().stream()
                .map(e -> new Score(e.getValue(), e.getKey()))
                .sorted(Comparator.comparingDouble(Score::score).reversed())
                .toList();
    }

    private static String single(String field, JsonNode texts) {
        if (texts.isString()) {
            return text(field, texts);
        }
        if (!texts.isArray() || texts.size() != 1) {
            throw invalid(field, texts.toString(), "one text in an array; pairs are not supported");
        }
        return text(field + "[0]", texts.get(0));
    }

    private static String text(String field, JsonNode node) {
        if (!node.isString()) {
            throw invalid(field, node.toString(), "a text");
        }
        try {
            SentimentRequest.checkText(field, node.asString());
        } catch (AthanorException e) {
            throw RequestBodies.asRequestFault(e);
        }
        return node.asString();
    }

    private static AthanorException invalid(String field, String value, String expected) {
        return AthanorException.invalid(ErrorCode.INVALID_REQUEST, new Violation(field, value, expected));
    }
}
