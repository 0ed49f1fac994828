package dev.athanor.preprocessing.filter;

import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.preprocessing.classify.LinearClassifier;
import java.io.IOException;

/** Loads classifiers that were trained before. */
@FunctionalInterface
public interface Classifiers {
    LinearClassifier load(ArtifactId id) throws IOException;
}
