package dev.athanor.preprocessing.filter;

import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.Checks;
import dev.athanor.preprocessing.classify.LinearClassifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Drops documents by what a trained classifier says: of quality, toxicity or anything else that there are labelled examples for. */
public final class ClassifierFilter implements Filter {

    private final Limits limits;
    private final LinearClassifier classifier;
    private final int label;

    public ClassifierFilter(Limits limits, Classifiers classifiers) {
        ArtifactId model = limits.model;
        if (model == null) {
            throw AthanorException.invalidSpec("model", null, "an artifact of preprocessing.train-classifier");
        }
        this.limits = limits;
        try {
            classifier = classifiers.load(model);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Checks.oneOf("label", limits.label, classifier.labels());
        label = classifier.labels().indexOf(limits.label);
    }

    /**
     * @param model artifact of {@code preprocessing.train-classifier}
     * @param label of the classifier
     * @param min least probability of the label
     * @param max greatest probability of the label
     */
    public record Limits(@Nullable ArtifactId model, String label, double min, double max) {

        public static final Limits DEFAULTS = new Limits(null, "good", 0.5, 1);

        public Limits {
            Checks.notBlank("label", label);
            Checks.range("min", min, 0, 1);
            Checks.range("max", max, min, 1);
        }
    }

    @Override
    public Verdict test(Analysis document) {
        double probability = classifier.probabilities(document.text())[label];
        return probability < limits.min || probability > limits.max
                ? Verdict.drop(
                        "classifier-" + limits.label.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-"))
                : Verdict.KEEP;
    }
}
