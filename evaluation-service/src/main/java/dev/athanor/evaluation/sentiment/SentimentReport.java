package dev.athanor.evaluation.sentiment;

import dev.athanor.contracts.document.LabelledExample;
import dev.athanor.evaluation.classification.Bootstrap;
import dev.athanor.evaluation.classification.Bootstrap.Interval;
import dev.athanor.evaluation.classification.ClassificationScores;
import dev.athanor.lm.scores.ConfusionMatrix;
import dev.athanor.lm.scores.Probabilities;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A classifier beside the baseline that was trained on the same examples, both scored on the same part.
 *
 * @param split the part they are scored on
 * @param examples number of examples of each part
 * @param difference model minus baseline
 * @param errors what the model gets wrong, the surest first
 */
public record SentimentReport(
        String split,
        List<String> labels,
        SortedMap<String, Integer> examples,
        Scored model,
        Baseline baseline,
        Difference difference,
        List<Error> errors) {

    private static final int MAX_ERRORS = 30;
    private static final int MAX_TEXT = 500;

    /** Scores with 95 % bootstrap intervals. */
    public record Scored(ClassificationScores scores, Interval accuracy, Interval macroF1) {}

    /**
     * @param features number of words and word pairs
     * @param inverseStrength scikit-learn's C, picked on the validation part
     */
    public record Baseline(
            ClassificationScores scores, Interval accuracy, Interval macroF1, int features, double inverseStrength) {}

    /** Differences with the 95 % intervals of a paired bootstrap; one that excludes 0 is unlikely to be chance. */
    public record Difference(double accuracy, Interval accuracyInterval, double macroF1, Interval macroF1Interval) {}

    /** @param probability that the model gives to {@code predicted} */
    public record Error(String id, String text, String label, String predicted, double probability) {}

    public SentimentReport {
        labels = List.copyOf(labels);
        examples = new TreeMap<>(examples);
        errors = List.copyOf(errors);
    }

    /**
     * What was predicted for the scored part.
     *
     * @param actual class index of each example
     */
    public record Predictions(
            List<String> labels, List<LabelledExample> examples, int[] actual, float[][] model, float[][] baseline) {}

    /** @param seed of the bootstrap */
    public static SentimentReport of(
            String split,
            SortedMap<String, Integer> counts,
            Predictions predictions,
            int baselineFeatures,
            double inverseStrength,
            long seed) {
        List<String> labels = predictions.labels;
        int[] actual = predictions.actual;
        int[] byModel = Probabilities.argMax(predictions.model);
        int[] byBaseline = Probabilities.argMax(predictions.baseline);
        var bootstrap = new Bootstrap(labels.size(), actual, seed);
        var model = ClassificationScores.of(labels, actual, predictions.model);
        var baseline = ClassificationScores.of(labels, actual, predictions.baseline);
        return new SentimentReport(
                split,
                labels,
                counts,
                new Scored(
                        model,
                        bootstrap.score(byModel, ConfusionMatrix::accuracy),
                        bootstrap.score(byModel, ConfusionMatrix::macroF1)),
                new Baseline(
                        baseline,
                        bootstrap.score(byBaseline, ConfusionMatrix::accuracy),
                        bootstrap.score(byBaseline, ConfusionMatrix::macroF1),
                        baselineFeatures,
                        inverseStrength),
                new Difference(
                        model.accuracy() - baseline.accuracy(),
                        bootstrap.difference(byModel, byBaseline, ConfusionMatrix::accuracy),
                        model.macroF1() - baseline.macroF1(),
                        bootstrap.difference(byModel, byBaseline, ConfusionMatrix::macroF1)),
                errors(predictions, byModel));
    }

    private static List<Error> errors(Predictions predictions, int[] byModel) {
        return IntStream.range(0, byModel.length)
                .filter(i -> byModel[i] != predictions.actual[i])
                .mapToObj(i -> {
                    LabelledExample example = predictions.examples.get(i);
                    return new Error(
                            example.id(),
                            shortened(example.text()),
                            example.label(),
                            predictions.labels.get(byModel[i]),
                            predictions.model[i][byModel[i]]);
                })
                .sorted(Comparator.comparingDouble(Error::probability)
                        .reversed()
                        .thenComparing(Error::id))
                .limit(MAX_ERRORS)
                .toList();
    }

    private static String shortened(String text) {
        if (text.length() <= MAX_TEXT) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(MAX_TEXT - 1)) ? MAX_TEXT - 1 : MAX_TEXT;
        return text.substring(0, end) + "…";
    }
}
