package dev.athanor.evaluation.classification;

import dev.athanor.lm.scores.ConfusionMatrix;
import java.util.Arrays;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/**
 * Percentile bootstrap (Efron 1979) over examples: 1000 resamples, 95 % of them inside the interval. Two classifiers are
 * compared on the same resamples (paired), so what is hard for both does not blur their difference.
 */
public final class Bootstrap {

    private static final int RESAMPLES = 1000;
    private static final double OUTSIDE = 0.05;

    private final int classes;
    private final int[] actual;
    private final long seed;

    public Bootstrap(int classes, int[] actual, long seed) {
        this.classes = classes;
        this.actual = actual.clone();
        this.seed = seed;
    }

    /** Ends of the interval. */
    public record Interval(double low, double high) {}

    public Interval score(int[] predicted, ToDoubleFunction<ConfusionMatrix> score) {
        return difference(predicted, predicted, (a, unused) -> score.applyAsDouble(a));
    }

    /** Interval of {@code score(predicted) - score(other)}. */
    public Interval difference(int[] predicted, int[] other, ToDoubleFunction<ConfusionMatrix> score) {
        return difference(predicted, other, (a, b) -> score.applyAsDouble(a) - score.applyAsDouble(b));
    }

    private interface Statistic {
        double of(ConfusionMatrix a, ConfusionMatrix b);
    }

    private Interval difference(int[] predicted, int[] other, Statistic statistic) {
        if (actual.length == 0) {
            return new Interval(0, 0);
        }
        // java.util.Random, because its sequence is part of the Java specification.
        var random = new Random(seed);
        var values = new double[RESAMPLES];
        var sample = new int[actual.length];
        for (int r = 0; r < RESAMPLES; r++) {
            Arrays.setAll(sample, i -> random.nextInt(actual.length));
            int[] sampled = pick(actual, sample);
            values[r] = statistic.of(
                    ConfusionMatrix.of(classes, sampled, pick(predicted, sample)),
                    ConfusionMatrix.of(classes, sampled, pick(other, sample)));
        }
        Arrays.sort(values);
        int cut = (int) Math.round(RESAMPLES * OUTSIDE / 2);
        return new Interval(values[cut], values[RESAMPLES - 1 - cut]);
    }

    private static int[] pick(int[] from, int[] indices) {
        return Arrays.stream(indices).map(i -> from[i]).toArray();
    }
}
