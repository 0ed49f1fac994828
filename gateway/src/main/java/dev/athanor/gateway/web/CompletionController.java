package dev.athanor.gateway.web;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Language models in OpenAI's form, by the inference service. */
@RestController
@Tag(name = "Inference")
class CompletionController {

    private final ServiceClient generation;
    private final EventRelay events;

    CompletionController(ServiceClient generationClient) {
        this.generation = generationClient;
        this.events = new EventRelay(generationClient);
    }

    @Operation(
            summary =
                    "Go on with a text; 'model' is the id of a language-model artifact; with 'stream', as server-sent events")
    @PostMapping(
            path = "/v1/completions",
            consumes = "application/json",
            produces = {"application/json", "text/event-stream"})
    @Nullable
    JsonNode complete(@RequestBody JsonNode request, HttpServletResponse response) {
        return answer("/v1/completions", request, response);
    }

    @Operation(
            summary =
                    "Go on with a conversation; 'model' is the id of a language-model artifact; with 'stream', as server-sent events")
    @PostMapping(
            path = "/v1/chat/completions",
            consumes = "application/json",
            produces = {"application/json", "text/event-stream"})
    @Nullable
    JsonNode chat(@RequestBody JsonNode request, HttpServletResponse response) {
        return answer("/v1/chat/completions", request, response);
    }

    /** Null where the answer has been sent in parts. */
    private @Nullable JsonNode answer(String path, JsonNode request, HttpServletResponse response) {
        JsonNode stream = request.path("stream");
        if (!stream.isBoolean() || !stream.booleanValue()) {
            return generation.post(path, request, Map.of(), JsonNode.class);
        }
        events.post(path, request, response);
        return null;
    }
}
