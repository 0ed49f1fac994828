package dev.athanor.inference.web;

import dev.athanor.inference.config.InferenceProperties;
import dev.athanor.inference.deployment.Deployments;
import dev.athanor.inference.metrics.PredictMetrics;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Labels texts with the deployed classifiers. */
@RestController
@RequestMapping(produces = "application/json")
class SentimentController {

    private final Deployments deployments;
    private final PredictMetrics metrics;
    private final Duration timeout;

    SentimentController(Deployments deployments, PredictMetrics metrics, InferenceProperties properties) {
        this.deployments = deployments;
        this.metrics = metrics;
        this.timeout = properties.timeout();
    }

    /** @param requestId keeps a caller with one variant; the texts themselves do where it is absent */
    @PostMapping("/v1/sentiment")
    Deployments.Answer sentiment(
            @RequestBody JsonNode body,
            @RequestHeader(name = "X-Request-Id", required = false) @Nullable String requestId) {
        return metrics.timed(() -> {
            SentimentRequest request = RequestBodies.read(body, SentimentRequest.class);
            return classify(request.deploymentOrDefault(), request.texts(), requestId);
        });
    }

    /** As text-embeddings-inference answers: scores from high to low, for one text or for each of several. */
    @PostMapping("/predict")
    Object predict(
            @RequestBody JsonNode body,
            @RequestParam(name = "deployment", defaultValue = SentimentRequest.DEFAULT_DEPLOYMENT) String deployment,
            @RequestHeader(name = "X-Request-Id", required = false) @Nullable String requestId) {
        return metrics.timed(() -> {
            PredictRequest request = PredictRequest.read(body);
            return request.answer(
                    classify(deployment, request.texts(), requestId).predictions());
        });
    }

    /** What this instance serves. */
    @GetMapping("/v1/deployments")
    List<Deployments.Status> deployments() {
        return deployments.statuses();
    }

    private Deployments.Answer classify(String deployment, List<String> texts, @Nullable String requestId) {
        String key = requestId != null ? requestId : String.join("\u0000", texts);
        return deployments.classify(deployment, texts, key, System.nanoTime() + timeout.toNanos());
    }
}
