package dev.athanor.lm.scores;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Counts of (actual class, predicted class) and the scores that follow from them, as scikit-learn defines them; a
 * division by zero gives 0. Averages run over all classes of the matrix, also over those without examples.
 */
public final class ConfusionMatrix {

    private final long[][] counts;

    private ConfusionMatrix(long[][] counts) {
        this.counts = counts;
    }

    /**
     * @param actual class of each example, 0 to {@code classes - 1}
     * @param predicted predicted class of each example
     */
    public static ConfusionMatrix of(int classes, int[] actual, int[] predicted) {
        if (actual.length != predicted.length) {
            throw new IllegalArgumentException(
                    "expected as many predictions as examples (" + actual.length + "), got " + predicted.length);
        }
        var counts = new long[classes][classes];
        for (int i = 0; i < actual.length; i++) {
            counts[actual[i]][predicted[i]]++;
        }
        return new ConfusionMatrix(counts);
    }

    /** Number of classes. */
    public int classes() {
        return counts.length;
    }

    /** Examples of one class that were predicted to be of another or the same. */
    public long count(int actual, int predicted) {
        return counts[actual][predicted];
    }

    /** A copy: rows are actual classes, columns predicted ones. */
    public long[][] rows() {
        return Arrays.stream(counts).map(long[]::clone).toArray(long[][]::new);
    }

    /** Number of examples. */
    public long total() {
        return Arrays.stream(counts).flatMapToLong(Arrays::stream).sum();
    }

    /** Number of examples predicted to be of their class. */
    public long correct() {
        return IntStream.range(0, classes()).mapToLong(c -> counts[c][c]).sum();
    }

    /** Number of examples that are of the class. */
    public long support(int label) {
        return Arrays.stream(counts[label]).sum();
    }

    /** Number of examples predicted to be of the class. */
    public long predicted(int label) {
        return Arrays.stream(counts).mapToLong(row -> row[label]).sum();
    }

    /** Share of the examples that are correct, 0 to 1; 0 without examples. */
    public double accuracy() {
        return ratio(correct(), total());
    }

    /** Share of those predicted to be of the class that are, 0 to 1; 0 where none is predicted. */
    public double precision(int label) {
        return ratio(counts[label][label], predicted(label));
    }

    /** Share of those of the class that are predicted to be, 0 to 1; 0 where there is none. */
    public double recall(int label) {
        return ratio(counts[label][label], support(label));
    }

    /** Harmonic mean of precision and recall. */
    public double f1(int label) {
        return ratio(2.0 * counts[label][label], support(label) + predicted(label));
    }

    /** Mean F1 of the classes, each counting alike. */
    public double macroF1() {
        return macro(this::f1);
    }

    /** Mean recall of the classes: balanced accuracy. */
    public double macroRecall() {
        return macro(this::recall);
    }

    /** Mean precision of the classes, each counting alike. */
    public double macroPrecision() {
        return macro(this::precision);
    }

    /** F1 of the classes weighted by their support. */
    public double weightedF1() {
        double sum = IntStream.range(0, classes())
                .mapToDouble(c -> support(c) * f1(c))
                .sum();
        return ratio(sum, total());
    }

    /** Matthews correlation for any number of classes (Gorodkin 2004, R_K). */
    public double matthewsCorrelation() {
        double n = total();
        double agreement = 0;
        double actualSquares = 0;
        double predictedSquares = 0;
        for (int c = 0; c < classes(); c++) {
            agreement += (double) support(c) * predicted(c);
            actualSquares += (double) support(c) * support(c);
            predictedSquares += (double) predicted(c) * predicted(c);
        }
        return ratio(correct() * n - agreement, Math.sqrt(n * n - predictedSquares) * Math.sqrt(n * n - actualSquares));
    }

    private double macro(IntToDoubleFunction score) {
        return IntStream.range(0, classes()).mapToDouble(score).average().orElse(0);
    }

    private static double ratio(double part, double whole) {
        return whole == 0 ? 0 : part / whole;
    }
}
