package dev.athanor.inference.serving;

import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.error.Checks;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code bundle.json} of a deployment bundle.
 *
 * @param labels names of the classes, in the order of the model's outputs
 * @param maxTokens longer texts are cut at the end
 * @param lineage role to artifact: the classifier, and what it was made of
 */
public record BundleDescription(
        int schemaVersion, List<String> labels, int maxTokens, SortedMap<String, ArtifactId> lineage) {

    public static final String FILE = "bundle.json";
    public static final int SCHEMA_VERSION = 1;

    public BundleDescription {
        Checks.range("schemaVersion", schemaVersion, 1, SCHEMA_VERSION);
        Checks.that(labels != null && labels.size() >= 2, "labels", labels, "at least two labels");
        labels = List.copyOf(labels);
        Checks.range("maxTokens", maxTokens, 1, 1 << 20);
        lineage = new TreeMap<>(lineage);
    }
}
