package dev.athanor.stage.api;

import dev.athanor.contracts.artifact.ArtifactFile;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * What a task made: bytes already in the artifact store, counts that add up over tasks, and small JSON for the next
 * round or the merge.
 */
public record TaskOutput(List<ArtifactFile> files, SortedMap<String, Long> counts, JsonNode data) {

    public TaskOutput {
        files = List.copyOf(files);
        counts = new TreeMap<>(counts);
    }
}
