package dev.athanor.gateway.web;

import dev.athanor.contracts.spec.InspectionRequest;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Map;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** A look into a model while the caller waits; larger ones are jobs. */
@RestController
@Tag(name = "Artifacts")
class InspectionController {

    private final ServiceClient evaluation;

    InspectionController(ServiceClient evaluationClient) {
        this.evaluation = evaluationClient;
    }

    @Operation(summary = "Attention maps or relevance of a few short texts")
    @PostMapping(
            path = "/v1/inspections",
            consumes = {"application/json", "application/yaml", "application/x-yaml", "text/yaml"},
            produces = "application/json")
    JsonNode inspect(@RequestBody InspectionRequest request) {
        return evaluation.post("/v1/inspections", request, Map.of(), JsonNode.class);
    }
}
