package dev.athanor.contracts.spec;

import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.Checks;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A look into a model while the caller waits.
 *
 * @param artifact a language model or a classifier
 * @param spec fields of {@link InspectSpec}, with its defaults; {@code kind} is {@code attention} or {@code relevance}, of at most
 *     {@value #MOST_TEXTS} texts and {@value #MOST_TOKENS} tokens
 */
public record InspectionRequest(ArtifactId artifact, JsonNode spec) {

    public static final int MOST_TEXTS = 4;
    public static final int MOST_TOKENS = 128;

    public InspectionRequest {
        Checks.present("artifact", artifact);
        Checks.present("spec", spec);
        try {
            var read = (InspectSpec) StageType.INSPECT.readSpec(spec);
            Checks.oneOf("kind", read.kind(), List.of("attention", "relevance"));
            Checks.that(
                    read.texts().size() <= MOST_TEXTS,
                    "texts",
                    read.texts().size() + " texts",
                    "at most " + MOST_TEXTS + "; more of them as a job");
            Checks.range("maxTokens", read.maxTokens(), 2, MOST_TOKENS);
            spec = Json.tree(read);
        } catch (AthanorException e) {
            throw e.under("spec");
        }
    }

    public InspectSpec inspection() {
        return (InspectSpec) StageType.INSPECT.readSpec(spec);
    }
}
