package dev.athanor.lm.inspect;

import java.util.Arrays;

/**
 * Statistics and a histogram of many values. The bins are the same for all: half decades of the magnitude from 1e-8 to 1e4, one below
 * and one above, for negative and positive values apart.
 *
 * @param count of values, numbers or not
 * @param nan values that are no number
 * @param infinite infinite values
 * @param min of the finite values; it, max, mean and deviation are 0 where there are none
 * @param deviation standard deviation of the finite values
 * @param zeros share of the values that are exactly 0
 * @param negative finite values below 0 by magnitude: bin 0 below 1e-8, bin i from 10^(i/2 - 8.5) on, the last from 1e4 on
 * @param positive the same above 0
 */
public record Distribution(
        long count,
        long nan,
        long infinite,
        double min,
        double max,
        double mean,
        double deviation,
        double zeros,
        long[] negative,
        long[] positive) {

    private static final int SMALLEST = -8;
    private static final int LARGEST = 4;
    /** Of each sign: two a decade, and what is smaller or larger. */
    public static final int BINS = 2 * (LARGEST - SMALLEST) + 2;

    private static final double[] EDGES = edges();

    private static double[] edges() {
        var edges = new double[BINS - 1];
        for (int i = 0; i < edges.length; i++) {
            // Whole decades by their literals, so that 0.1 is where one expects it.
            double decade = Double.parseDouble("1e" + (SMALLEST + i / 2));
            edges[i] = i % 2 == 0 ? decade : decade * Math.sqrt(10);
        }
        return edges;
    }

    /** Lower edges of the bins from the second on, ascending; upper edges of those before. */
    public static double[] binEdges() {
        return EDGES.clone();
    }

    static int bin(double magnitude) {
        int found = Arrays.binarySearch(EDGES, magnitude);
        return found >= 0 ? found + 1 : -found - 1;
    }

    /** Collects values. */
    static final class Collector {
        private long count;
        private long nan;
        private long infinite;
        private long zeros;
        private double min = Double.POSITIVE_INFINITY;
        private double max = Double.NEGATIVE_INFINITY;
        private double sum;
        private double squares;
        private final long[] negative = new long[BINS];
        private final long[] positive = new long[BINS];

        void add(double value) {
            count++;
            if (Double.isNaN(value)) {
                nan++;
            } else if (Double.isInfinite(value)) {
                infinite++;
            } else {
                min = Math.min(min, value);
                max = Math.max(max, value);
                sum += value;
                squares += value * value;
                if (value == 0) {
                    zeros++;
                } else {
                    (value < 0 ? negative : positive)[bin(Math.abs(value))]++;
                }
            }
        }

        void addAll(float[] values) {
            for (float value : values) {
                add(value);
            }
        }

        Distribution distribution() {
            long finite = count - nan - infinite;
            double mean = finite == 0 ? 0 : sum / finite;
            double variance = finite == 0 ? 0 : Math.max(0, squares / finite - mean * mean);
            return new Distribution(
                    count,
                    nan,
                    infinite,
                    finite == 0 ? 0 : min,
                    finite == 0 ? 0 : max,
                    mean,
                    Math.sqrt(variance),
                    count == 0 ? 0 : (double) zeros / count,
                    negative.clone(),
                    positive.clone());
        }
    }
}
