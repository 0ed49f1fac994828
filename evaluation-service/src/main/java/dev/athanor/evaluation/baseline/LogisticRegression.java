package dev.athanor.evaluation.baseline;

import org.jspecify.annotations.Nullable;

/**
 * Multinomial logistic regression: minimizes the mean log loss plus {@code ½ l2 ‖W‖²}; the intercepts are not
 * penalized. With n rows scikit-learn's C is {@code 1 / (n l2)}.
 *
 * @param weights of a feature for all classes side by side: {@code weights[feature * classes + class]}; after the last
 *     feature come the intercepts
 */
record LogisticRegression(int classes, double[] weights) {

    private static final int MAX_ITERATIONS = 200;
    private static final double TOLERANCE = 1e-5;

    /** @param start solution of a similar problem to start from, or null to start from zero */
    static LogisticRegression fit(
            SparseMatrix rows, int[] actual, int classes, double l2, @Nullable LogisticRegression start) {
        double[] from = start == null ? new double[(rows.columns() + 1) * classes] : start.weights;
        double[] weights = new Lbfgs(MAX_ITERATIONS, TOLERANCE)
                .minimize((w, gradient) -> objective(rows, actual, classes, l2, w, gradient), from);
        return new LogisticRegression(classes, weights);
    }

    /** Probability of each class for each row. */
    float[][] predict(SparseMatrix rows) {
        var probabilities = new float[rows.rows()][classes];
        var p = new double[classes];
        for (int r = 0; r < rows.rows(); r++) {
            logits(rows, r, classes, weights, p);
            softmax(p);
            for (int c = 0; c < classes; c++) {
                probabilities[r][c] = (float) p[c];
            }
        }
        return probabilities;
    }

    static double objective(
            SparseMatrix rows, int[] actual, int classes, double l2, double[] weights, double[] gradient) {
        int intercepts = rows.columns() * classes;
        double penalty = 0;
        for (int i = 0; i < intercepts; i++) {
            penalty += weights[i] * weights[i];
            gradient[i] = l2 * weights[i];
        }
        for (int c = 0; c < classes; c++) {
            gradient[intercepts + c] = 0;
        }
        double share = 1.0 / rows.rows();
        double loss = 0;
        var p = new double[classes];
        for (int r = 0; r < rows.rows(); r++) {
            logits(rows, r, classes, weights, p);
            softmax(p);
            loss -= Math.log(Math.max(Double.MIN_NORMAL, p[actual[r]]));
            p[actual[r]] -= 1;
            for (int i = rows.start()[r]; i < rows.start()[r + 1]; i++) {
                int at = rows.column()[i] * classes;
                double v = rows.value()[i] * share;
                for (int c = 0; c < classes; c++) {
                    gradient[at + c] += v * p[c];
                }
            }
            for (int c = 0; c < classes; c++) {
                gradient[intercepts + c] += share * p[c];
            }
        }
        return loss * share + 0.5 * l2 * penalty;
    }

    private static void logits(SparseMatrix rows, int row, int classes, double[] weights, double[] out) {
        System.arraycopy(weights, rows.columns() * classes, out, 0, classes);
        for (int i = rows.start()[row]; i < rows.start()[row + 1]; i++) {
            int at = rows.column()[i] * classes;
            double v = rows.value()[i];
            for (int c = 0; c < classes; c++) {
                out[c] += v * weights[at + c];
            }
        }
    }

    private static void softmax(double[] p) {
        double max = Double.NEGATIVE_INFINITY;
        for (double logit : p) {
            max = Math.max(max, logit);
        }
        double sum = 0;
        for (int c = 0; c < p.length; c++) {
            p[c] = Math.exp(p[c] - max);
            sum += p[c];
        }
        for (int c = 0; c < p.length; c++) {
            p[c] /= sum;
        }
    }
}
