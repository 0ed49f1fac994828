package dev.athanor.gateway.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.athanor.contracts.error.Checks;
import dev.athanor.gateway.deployment.Variants;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Sentiment of one text or of many. */
@RestController
@Tag(name = "Inference")
class SentimentController {

    private static final Pattern REQUEST_ID = Pattern.compile("[\\x21-\\x7e]{1,200}");
    static final int MOST_TEXTS = 256;
    static final int MOST_CHARACTERS = 100_000;

    private final InferenceClient inference;

    SentimentController(InferenceClient inference) {
        this.inference = inference;
    }

    /** Either {@code text} or {@code texts}. */
    record SentimentRequest(
            @Nullable String text,
            @Nullable List<String> texts,
            @Nullable String deployment) {
        SentimentRequest {
            Checks.that((text == null) != (texts == null), "text", text, "either 'text' or 'texts'");
            if (text != null) {
                check("text", text);
            }
            if (texts != null) {
                Checks.notEmpty("texts", texts);
                Checks.that(texts.size() <= MOST_TEXTS, "texts", texts.size(), "at most " + MOST_TEXTS + " texts");
                for (int i = 0; i < texts.size(); i++) {
                    check("texts[" + i + "]", texts.get(i));
                }
            }
            if (deployment != null) {
                Checks.matches("deployment", deployment, Variants.NAME, Variants.NAME_RULE);
            }
        }

        private static void check(String field, @Nullable String text) {
            Checks.notBlank(field, text);
            Checks.that(
                    text != null && text.length() <= MOST_CHARACTERS,
                    field,
                    text,
                    "at most " + MOST_CHARACTERS + " characters");
        }
    }

    /** @param probabilities class to probability; they add up to 1 */
    record Prediction(String label, Map<String, Double> probabilities) {}

    /** One text: its label and probabilities. Many: the predictions, in the order of the texts. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record SentimentResponse(
            String deployment,
            String variant,
            String model,
            @Nullable String label,
            @Nullable Map<String, Double> probabilities,
            @Nullable List<Prediction> predictions) {}

    @Operation(summary = "Classify one text ({\"text\"}) or many ({\"texts\"})")
    @PostMapping(
            path = "/v1/sentiment",
            consumes = {"application/json", "application/yaml", "application/x-yaml", "text/yaml"},
            produces = "application/json")
    SentimentResponse classify(
            @RequestBody SentimentRequest request,
            @RequestHeader(name = "X-Request-Id", required = false) @Nullable String requestId) {
        Page.requireParameter(
                requestId == null || REQUEST_ID.matcher(requestId).matches(),
                "X-Request-Id",
                requestId,
                "1 to 200 visible ASCII characters");
        String deployment = request.deployment() == null ? "sentiment" : request.deployment();
        String text = request.text();
        List<String> texts = text != null ? List.of(text) : List.copyOf(request.texts());
        InferenceClient.Answer answer = inference.classify(deployment, texts, requestId);
        if (text == null) {
            return new SentimentResponse(
                    answer.deployment(), answer.variant(), answer.model(), null, null, answer.predictions());
        }
        Prediction one = answer.predictions().getFirst();
        return new SentimentResponse(
                answer.deployment(), answer.variant(), answer.model(), one.label(), one.probabilities(), null);
    }
}
