package dev.athanor.gateway.web;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Map;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Language models in OpenAI's form, by the inference service. */
@RestController
@Tag(name = "Inference")
class CompletionController {

    private final ServiceClient generation;

    CompletionController(ServiceClient generationClient) {
        this.generation = generationClient;
    }

    @Operation(summary = "Go on with a text; 'model' is the id of a language-model artifact")
    @PostMapping(path = "/v1/completions", consumes = "application/json", produces = "application/json")
    JsonNode complete(@RequestBody JsonNode request) {
        return generation.post("/v1/completions", request, Map.of(), JsonNode.class);
    }

    @Operation(summary = "Go on with a conversation; 'model' is the id of a language-model artifact")
    @PostMapping(path = "/v1/chat/completions", consumes = "application/json", produces = "application/json")
    JsonNode chat(@RequestBody JsonNode request) {
        return generation.post("/v1/chat/completions", request, Map.of(), JsonNode.class);
    }
}
