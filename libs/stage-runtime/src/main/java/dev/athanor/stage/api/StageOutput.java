package dev.athanor.stage.api;

import dev.athanor.contracts.artifact.ArtifactFile;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What becomes the stage's artifact; the runtime adds kind, inputs, spec, seed and producer, and publishes the manifest. */
public record StageOutput(
        int schemaVersion, List<ArtifactFile> files, SortedMap<String, Long> counts, List<String> licences) {

    public StageOutput {
        files = List.copyOf(files);
        counts = new TreeMap<>(counts);
        licences = List.copyOf(licences);
    }
}
