package dev.athanor.evaluation.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogisticRegressionTest {

    private static final int ROWS = 60;
    private static final int COLUMNS = 5;
    private static final int CLASSES = 3;

    private final Random random = new Random(4);
    private final int[] actual = random.ints(ROWS, 0, CLASSES).toArray();
    private final SparseMatrix rows = dense();

    private SparseMatrix dense() {
        var start = new int[ROWS + 1];
        var column = new int[ROWS * COLUMNS];
        var value = new float[ROWS * COLUMNS];
        for (int i = 0; i < column.length; i++) {
            column[i] = i % COLUMNS;
            value[i] = (float) (random.nextGaussian() + (actual[i / COLUMNS] == i % COLUMNS ? 1 : 0));
        }
        Arrays.setAll(start, r -> r * COLUMNS);
        return new SparseMatrix(COLUMNS, start, column, value);
    }

    @Test
    void gradientIsTheSlopeOfTheObjective() {
        double[] w = random.doubles((COLUMNS + 1) * CLASSES, -1, 1).toArray();
        var gradient = new double[w.length];
        LogisticRegression.objective(rows, actual, CLASSES, 0.1, w, gradient);
        for (int i = 0; i < w.length; i++) {
            double[] up = w.clone();
            double[] down = w.clone();
            up[i] += 1e-5;
            down[i] -= 1e-5;
            double slope = (LogisticRegression.objective(rows, actual, CLASSES, 0.1, up, new double[w.length])
                            - LogisticRegression.objective(rows, actual, CLASSES, 0.1, down, new double[w.length]))
                    / 2e-5;
            assertThat(gradient[i]).isCloseTo(slope, within(1e-8));
        }
    }

    @Test
    void theMinimumIsFoundFromAnywhereAndInterceptsMatchTheClassShares() {
        var fromZero = LogisticRegression.fit(rows, actual, CLASSES, 0.05, null);
        var gradient = new double[fromZero.weights().length];
        LogisticRegression.objective(rows, actual, CLASSES, 0.05, fromZero.weights(), gradient);
        assertThat(Arrays.stream(gradient).map(Math::abs).max().orElseThrow()).isLessThan(1e-5);

        var elsewhere = new LogisticRegression(
                CLASSES, random.doubles(gradient.length, -3, 3).toArray());
        var fromElsewhere = LogisticRegression.fit(rows, actual, CLASSES, 0.05, elsewhere);
        float[][] p = fromZero.predict(rows);
        float[][] q = fromElsewhere.predict(rows);
        for (int r = 0; r < ROWS; r++) {
            assertThat(q[r]).containsExactly(p[r], within(1e-3f));
        }
        // Intercepts are free, so the mean probability of a class is its share.
        for (int c = 0; c < CLASSES; c++) {
            int label = c;
            double mean =
                    Arrays.stream(p).mapToDouble(row -> row[label]).average().orElseThrow();
            double share = Arrays.stream(actual).filter(a -> a == label).count() / (double) ROWS;
            assertThat(mean).isCloseTo(share, within(1e-4));
        }
    }
}
