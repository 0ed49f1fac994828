package dev.athanor.contracts.job;

import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.error.Checks;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A job: stages in an order in which each takes only artifacts of earlier ones.
 *
 * @param name shown to people
 * @param seed of every random choice; equal spec and seed give equal artifacts
 */
public record JobSpec(String name, long seed, List<StageSpec> stages) {

    private static final int MAX_STAGES = 100;

    public JobSpec {
        Checks.notBlank("name", name);
        Checks.that(name.length() <= 200, "name", name, "at most 200 characters");
        Checks.notEmpty("stages", stages);
        Checks.that(stages.size() <= MAX_STAGES, "stages", stages.size(), "at most " + MAX_STAGES + " stages");
        stages = List.copyOf(stages);
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
