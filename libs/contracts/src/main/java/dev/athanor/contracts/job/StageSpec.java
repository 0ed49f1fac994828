package dev.athanor.contracts.job;

import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.Checks;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * One stage of a job.
 *
 * @param id unique in the job
 * @param inputs role to the id of an earlier stage of this job, or to an artifact id
 * @param spec what the stage type's specification record holds; missing fields take their defaults
 */
public record StageSpec(String id, StageType type, SortedMap<String, String> inputs, JsonNode spec) {

    static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,62}");

    public StageSpec {
        Checks.matches("id", id, ID, "a lower-case letter, then at most 62 lower-case letters, digits or hyphens");
        Checks.present("type", type);
        inputs = inputs == null ? new TreeMap<>() : new TreeMap<>(inputs);
        spec = spec == null || spec.isNull() ? tools.jackson.databind.node.JsonNodeFactory.instance.objectNode() : spec;
        Map<String, ?> known = type.inputs();
        for (String role : inputs.keySet()) {
            Checks.oneOf("inputs", role, List.copyOf(type.allInputs().keySet()));
        }
        for (String role : new TreeMap<>(known).keySet()) {
            Checks.that(inputs.get(role) != null, "inputs." + role, null, "a stage id or an artifact id");
        }
        Record read;
        try {
            read = type.readSpec(spec);
        } catch (AthanorException e) {
            throw e.under("spec");
        }
        // Defaults are written down once, at submission, so that a later change of defaults changes no recorded job.
        spec = dev.athanor.contracts.json.Json.tree(read);
    }

    static boolean isArtifact(String reference) {
        return ArtifactId.FORMAT.matcher(reference).matches();
    }
}
