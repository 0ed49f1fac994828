package dev.athanor.contracts.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.error.Checks;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A job: stages in an order in which each takes only artifacts of earlier ones.
 *
 * @param name shown to people
 * @param seed of every random choice; equal spec and seed give equal artifacts
 * @param experiment of MLflow that its runs belong to; null = the one that the gateway is set to
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JobSpec(
        String name,
        long seed,
        List<StageSpec> stages,
        @Nullable String experiment) {

    private static final int MAX_STAGES = 100;

    public JobSpec {
        Checks.notBlank("name", name);
        Checks.that(name.length() <= 200, "name", name, "at most 200 characters");
        Checks.notEmpty("stages", stages);
        Checks.that(stages.size() <= MAX_STAGES, "stages", stages.size(), "at most " + MAX_STAGES + " stages");
        stages = List.copyOf(stages);
        Checks.that(
                experiment == null || (!experiment.isBlank() && experiment.length() <= 200),
                "experiment",
                experiment,
                "1 to 200 characters");
        Map<String, ArtifactKind> made = new HashMap<>();
        for (int i = 0; i < stages.size(); i++) {
            StageSpec stage = stages.get(i);
            String at = "stages[" + i + "]";
            stage.inputs().forEach((role, reference) -> {
                if (StageSpec.isArtifact(reference)) {
                    return;
                }
                ArtifactKind wanted =
                        Objects.requireNonNull(stage.type().allInputs().get(role));
                Checks.that(
                        made.get(reference) == wanted,
                        at + ".inputs." + role,
                        reference,
                        "an earlier stage that makes " + wanted.slug() + ", or an artifact id");
            });
            Checks.that(made.put(stage.id(), stage.type().output()) == null, at + ".id", stage.id(), "a unique id");
        }
    }
}
