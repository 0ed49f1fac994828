package dev.athanor.lm.scores;

/** Scores of predicted class probabilities, one row of probabilities an example. */
public final class Probabilities {

    private static final double SMALLEST = 1e-15;

    private Probabilities() {}

    /** Index of the largest value of each row, the first one of equals. */
    public static int[] argMax(float[][] rows) {
        var best = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            for (int c = 1; c < rows[i].length; c++) {
                if (rows[i][c] > rows[i][best[i]]) {
                    best[i] = c;
                }
            }
        }
        return best;
    }

    /** Mean of {@code -ln p(actual class)}, probabilities kept at or above 1e-15; 0 without examples. */
    public static double logLoss(int[] actual, float[][] rows) {
        double sum = 0;
        for (int i = 0; i < rows.length; i++) {
            sum -= Math.log(Math.max(SMALLEST, rows[i][actual[i]]));
        }
        return rows.length == 0 ? 0 : sum / rows.length;
    }

    /**
     * Expected calibration error (Guo et al. 2017): the mean gap between confidence and accuracy over bins of equal
     * width of the confidence, weighted by the examples in them. A bin holds confidences in (k/bins, (k+1)/bins].
     */
    public static double expectedCalibrationError(int[] actual, float[][] rows, int bins) {
        int[] predicted = argMax(rows);
        var confidence = new double[bins];
        var correct = new long[bins];
        for (int i = 0; i < rows.length; i++) {
            double p = rows[i][predicted[i]];
            int bin = Math.clamp((int) Math.ceil(p * bins) - 1L, 0, bins - 1);
            confidence[bin] += p;
            correct[bin] += predicted[i] == actual[i] ? 1 : 0;
        }
        double gap = 0;
        for (int b = 0; b < bins; b++) {
            gap += Math.abs(confidence[b] - correct[b]);
        }
        return rows.length == 0 ? 0 : gap / rows.length;
    }
}
