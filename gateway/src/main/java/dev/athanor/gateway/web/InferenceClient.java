package dev.athanor.gateway.web;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The inference service's own HTTP interface. */
class InferenceClient {

    /** @param predictions in the order of the texts */
    record Answer(String deployment, String variant, String model, List<SentimentController.Prediction> predictions) {}

    private final ServiceClient service;

    InferenceClient(ServiceClient service) {
        this.service = service;
    }

    /**
     * @param requestId keeps a caller with one variant of the deployment
     * @throws AthanorException as {@link ServiceClient#get}
     */
    Answer classify(String deployment, List<String> texts, @Nullable String requestId) {
        Answer answer = service.post(
                "/v1/sentiment",
                Map.of("deployment", deployment, "texts", texts),
                requestId == null ? Map.of() : Map.of("X-Request-Id", requestId),
                Answer.class);
        if (answer.predictions() == null || answer.predictions().size() != texts.size()) {
            throw new AthanorException(
                    ErrorCode.INTERNAL, "the inference service answered for another number of texts");
        }
        return answer;
    }
}
