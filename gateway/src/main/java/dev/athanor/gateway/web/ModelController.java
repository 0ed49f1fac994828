package dev.athanor.gateway.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.Checks;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.gateway.Ids;
import dev.athanor.gateway.deployment.Variants;
import dev.athanor.gateway.persistence.ModelRow;
import dev.athanor.gateway.service.ModelService;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The model registry. */
@RestController
@RequestMapping(path = "/v1/models", produces = "application/json")
@Tag(name = "Models")
class ModelController {

    private final ModelService models;
    private final Bundles bundles;

    ModelController(ModelService models, Bundles bundles) {
        this.models = models;
        this.bundles = bundles;
    }

    /** @param artifact a deployment bundle */
    record NewModel(String name, ArtifactId artifact) {
        NewModel {
            Checks.matches("name", name, Variants.NAME, Variants.NAME_RULE);
            Checks.present("artifact", artifact);
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ModelView(
            String id,
            String name,
            int version,
            ArtifactId artifact,
            @Nullable String job,
            Instant createdAt) {
        static ModelView of(ModelRow row) {
            return new ModelView(row.getId(), row.name(), row.version(), row.artifact(), row.jobId(), row.createdAt());
        }
    }

    @Operation(summary = "Register a deployment bundle as the next version of a model")
    @PostMapping(consumes = {"application/json", "application/yaml", "application/x-yaml", "text/yaml"})
    ResponseEntity<ModelView> register(@RequestBody NewModel request) throws IOException {
        bundles.check("artifact", request.artifact());
        ModelRow row = models.register(request.name(), request.artifact(), null);
        return ResponseEntity.created(URI.create("/v1/models/" + row.getId())).body(ModelView.of(row));
    }

    @Operation(summary = "List models, newest first")
    @GetMapping
    Page<ModelView> list(
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String after) {
        Page.limit(limit, Page.MOST);
        Page.requireParameter(
                after == null || Ids.valid(ModelService.PREFIX, after), "after", after, "the id of a model");
        return Page.of(models.list(after, limit), limit, ModelView::of, ModelRow::getId);
    }

    @Operation(summary = "One model")
    @GetMapping("/{id}")
    ModelView get(@PathVariable String id) {
        return ModelView.of(models.get(id));
    }

    /** Refuses artifacts that cannot be deployed. */
    @Component
    static class Bundles {
        private final ArtifactStore store;

        Bundles(ArtifactStore store) {
            this.store = store;
        }

        void check(String field, ArtifactId id) throws IOException {
            ArtifactKind kind;
            try {
                kind = store.manifest(id).kind();
            } catch (AthanorException e) {
                if (e.code() != ErrorCode.NOT_FOUND) {
                    throw e;
                }
                throw AthanorException.invalidSpec(field, id, "an artifact that is in the store");
            }
            Checks.that(
                    kind == ArtifactKind.DEPLOYMENT_BUNDLE,
                    field,
                    id + " (" + kind.slug() + ")",
                    "an artifact of kind " + ArtifactKind.DEPLOYMENT_BUNDLE.slug());
        }
    }
}
