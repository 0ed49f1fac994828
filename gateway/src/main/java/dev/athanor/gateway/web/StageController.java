package dev.athanor.gateway.web;

import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** The kinds of stages that a job may be made of. */
@RestController
@Tag(name = "Jobs")
class StageController {

    /** @param defaults the specification that a stage gets where it says nothing */
    record StageTypeView(
            String type,
            String service,
            TreeMap<String, ArtifactKind> inputs,
            TreeMap<String, ArtifactKind> optionalInputs,
            ArtifactKind output,
            JsonNode defaults) {}

    record StageTypeList(List<StageTypeView> data) {}

    @Operation(summary = "Stage types: inputs, output and default specification")
    @GetMapping(path = "/v1/stages", produces = "application/json")
    StageTypeList list() {
        return new StageTypeList(Arrays.stream(StageType.values())
                .map(t -> new StageTypeView(
                        t.id(),
                        t.service(),
                        new TreeMap<>(t.inputs()),
                        new TreeMap<>(t.optionalInputs()),
                        t.output(),
                        Json.tree(t.defaults())))
                .toList());
    }
}
