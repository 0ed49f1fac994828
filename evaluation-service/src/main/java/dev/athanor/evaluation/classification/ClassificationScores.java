package dev.athanor.evaluation.classification;

import dev.athanor.lm.scores.ConfusionMatrix;
import dev.athanor.lm.scores.Probabilities;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How well predicted class probabilities fit the actual classes. Definitions as in scikit-learn; see
 * {@link ConfusionMatrix} and {@link Probabilities}.
 *
 * @param macroRecall mean recall of the classes (balanced accuracy)
 * @param logLoss mean negative natural logarithm of the probability of the actual class
 * @param calibrationError expected calibration error, 15 bins
 * @param classes one row a class, in order of class index
 * @param confusion row = actual class, column = predicted class
 */
public record ClassificationScores(
        long examples,
        double accuracy,
        double macroF1,
        double weightedF1,
        double macroRecall,
        double matthewsCorrelation,
        double logLoss,
        double calibrationError,
        List<OfClass> classes,
        List<List<Long>> confusion) {

    private static final int CALIBRATION_BINS = 15;

    /** @param support number of examples that are of the class */
    public record OfClass(String label, double precision, double recall, double f1, long support) {}

    public ClassificationScores {
        classes = List.copyOf(classes);
        confusion = confusion.stream().map(List::copyOf).toList();
    }

    /**
     * @param labels names of the classes, by index
     * @param actual class index of each example
     * @param probabilities of each class, for each example
     */
    public static ClassificationScores of(List<String> labels, int[] actual, float[][] probabilities) {
        var matrix = ConfusionMatrix.of(labels.size(), actual, Probabilities.argMax(probabilities));
        return new ClassificationScores(
                matrix.total(),
                matrix.accuracy(),
                matrix.macroF1(),
                matrix.weightedF1(),
                matrix.macroRecall(),
                matrix.matthewsCorrelation(),
                Probabilities.logLoss(actual, probabilities),
                Probabilities.expectedCalibrationError(actual, probabilities, CALIBRATION_BINS),
                IntStream.range(0, labels.size())
                        .mapToObj(c -> new OfClass(
                                labels.get(c), matrix.precision(c), matrix.recall(c), matrix.f1(c), matrix.support(c)))
                        .toList(),
                IntStream.range(0, labels.size())
                        .mapToObj(a -> IntStream.range(0, labels.size())
                                .mapToObj(p -> matrix.count(a, p))
                                .toList())
                        .toList());
    }
}
