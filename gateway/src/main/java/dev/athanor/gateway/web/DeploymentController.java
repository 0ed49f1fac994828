package dev.athanor.gateway.web;

import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.Checks;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.message.DeploymentDesired;
import dev.athanor.contracts.message.DeploymentDesired.Variant;
import dev.athanor.gateway.deployment.Variants;
import dev.athanor.gateway.persistence.DeploymentRevisionRow;
import dev.athanor.gateway.persistence.DeploymentRow;
import dev.athanor.gateway.service.DeploymentService;
import dev.athanor.gateway.service.ModelService;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.security.Principal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Deployments: which models answer under a name, with what share of the traffic. */
@RestController
@RequestMapping(path = "/v1/deployments", produces = "application/json")
@Tag(name = "Models")
class DeploymentController {

    private final DeploymentService deployments;
    private final ModelService models;
    private final ModelController.Bundles bundles;

    DeploymentController(DeploymentService deployments, ModelService models, ModelController.Bundles bundles) {
        this.deployments = deployments;
        this.models = models;
        this.bundles = bundles;
    }

    /**
     * A model, or an artifact of kind deployment-bundle.
     *
     * @param weight share of the traffic; 0 = loaded but not asked; 1 where it is left out
     */
    record NewVariant(
            String name,
            @Nullable String model,
            @Nullable ArtifactId artifact,
            @Nullable Double weight) {
        NewVariant {
            Checks.matches("name", name, Variants.NAME, Variants.NAME_RULE);
            Checks.that((model == null) != (artifact == null), "model", model, "either a model or an artifact");
            Checks.range("weight", weight == null ? 1 : weight, 0, 1_000_000);
        }
    }

    record NewDeployment(List<NewVariant> variants) {
        NewDeployment {
            Checks.notEmpty("variants", variants);
            Checks.that(!variants.contains(null), "variants", null, "no null among the variants");
        }
    }

    record Promotion(String variant) {
        Promotion {
            Checks.notBlank("variant", variant);
        }
    }

    /** @param revision the one to go back to; the one before the latest where it is left out */
    record Rollback(@Nullable Long revision) {}

    record DeploymentView(String name, long revision, List<Variant> variants, Instant createdAt, Instant updatedAt) {
        static DeploymentView of(DeploymentRow row) {
            DeploymentDesired desired = row.desired();
            return new DeploymentView(
                    desired.name(), desired.revision(), desired.variants(), row.createdAt(), row.updatedAt());
        }
    }

    record RevisionView(long revision, List<Variant> variants, String cause, Instant at) {
        static RevisionView of(DeploymentRevisionRow row) {
            return new RevisionView(row.revision(), row.variants(), row.cause(), row.at());
        }
    }

    record RevisionList(List<RevisionView> data) {}

    @Operation(summary = "List deployments by name")
    @GetMapping
    Page<DeploymentView> list(
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String after) {
        Page.limit(limit, Page.MOST);
        Page.requireParameter(
                after == null || Variants.NAME.matcher(after).matches(), "after", after, "the name of a deployment");
        return Page.of(deployments.list(after, limit), limit, DeploymentView::of, DeploymentRow::name);
    }

    @Operation(summary = "One deployment")
    @GetMapping("/{name}")
    DeploymentView get(@PathVariable String name) {
        return DeploymentView.of(deployments.get(name));
    }

    @Operation(summary = "The last revisions of a deployment, newest first")
    @GetMapping("/{name}/revisions")
    RevisionList revisions(@PathVariable String name) {
        deployments.get(name);
        return new RevisionList(
                deployments.history(name).stream().map(RevisionView::of).toList());
    }

    @Operation(summary = "Create or change a deployment: variants share the traffic by weight (A/B)")
    @PutMapping(
            path = "/{name}",
            consumes = {"application/json", "application/yaml", "application/x-yaml", "text/yaml"})
    DeploymentView put(@PathVariable String name, @RequestBody NewDeployment request, Principal caller)
            throws IOException {
        Page.requireParameter(Variants.NAME.matcher(name).matches(), "name", name, Variants.NAME_RULE);
        var variants = new ArrayList<Variant>();
        for (int i = 0; i < request.variants().size(); i++) {
            variants.add(resolve(request.variants().get(i), "variants[" + i + "]"));
        }
        return DeploymentView.of(deployments.set(name, variants, caller.getName()));
    }

    @Operation(summary = "Take a deployment down")
    @DeleteMapping("/{name}")
    ResponseEntity<Void> delete(@PathVariable String name, Principal caller) {
        deployments.delete(name, caller.getName());
        return ResponseEntity.noContent().build();
    }

    @Operation(summary = "Give all traffic to one variant and take the others down")
    @PostMapping(
            path = "/{name}/promote",
            consumes = {"application/json", "application/yaml", "application/x-yaml", "text/yaml"})
    DeploymentView promote(@PathVariable String name, @RequestBody Promotion request, Principal caller) {
        return DeploymentView.of(deployments.promote(name, request.variant(), caller.getName()));
    }

    @Operation(summary = "Go back to an earlier revision")
    @PostMapping("/{name}/rollback")
    DeploymentView rollBack(
            @PathVariable String name, @RequestBody(required = false) @Nullable Rollback request, Principal caller) {
        return DeploymentView.of(
                deployments.rollBack(name, request == null ? null : request.revision(), caller.getName()));
    }

    private Variant resolve(NewVariant variant, String at) throws IOException {
        double weight = variant.weight() == null ? 1 : variant.weight();
        if (variant.artifact() != null) {
            bundles.check(at + ".artifact", variant.artifact());
            return new Variant(variant.name(), variant.artifact(), weight);
        }
        String model = String.valueOf(variant.model());
        try {
            return new Variant(variant.name(), models.get(model).artifact(), weight);
        } catch (AthanorException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
            throw AthanorException.invalidSpec(at + ".model", model, "the id of a registered model");
        }
    }
}
