package dev.athanor.lm.scores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScoresTest {

    @Test
    void scoresOfASmallMatrixWorkedOutByHand() {
        var matrix = ConfusionMatrix.of(3, new int[] {0, 0, 0, 1, 1, 2}, new int[] {0, 0, 1, 1, 0, 2});
        assertThat(matrix.rows()).isDeepEqualTo(new long[][] {{2, 1, 0}, {1, 1, 0}, {0, 0, 1}});
        assertThat(matrix.accuracy()).isEqualTo(4.0 / 6);
        assertThat(matrix.precision(1)).isEqualTo(0.5);
        assertThat(matrix.recall(0)).isEqualTo(2.0 / 3);
        assertThat(matrix.macroF1()).isCloseTo((2.0 / 3 + 0.5 + 1) / 3, within(1e-12));
        assertThat(matrix.weightedF1()).isCloseTo((3 * 2.0 / 3 + 2 * 0.5 + 1) / 6, within(1e-12));
        // (4·6 − (3·3 + 2·2 + 1·1)) / (36 − 14)
        assertThat(matrix.matthewsCorrelation()).isCloseTo(10.0 / 22, within(1e-12));
    }

    @Test
    void aClassNobodyPredictsScoresZeroNotNaN() {
        var matrix = ConfusionMatrix.of(2, new int[] {0, 1}, new int[] {0, 0});
        assertThat(matrix.precision(1)).isZero();
        assertThat(matrix.f1(1)).isZero();
        assertThat(matrix.matthewsCorrelation()).isZero();
        assertThat(ConfusionMatrix.of(2, new int[0], new int[0]).accuracy()).isZero();
    }

    @Test
    void asManyPredictionsAsExamples() {
        assertThatThrownBy(() -> ConfusionMatrix.of(2, new int[1], new int[2])).hasMessageContaining("got 2");
    }

    @Test
    void logLossAndCalibration() {
        float[][] rows = {{0.9f, 0.1f}, {0.6f, 0.4f}, {0.2f, 0.8f}};
        int[] actual = {0, 1, 1};
        assertThat(Probabilities.argMax(rows)).containsExactly(0, 0, 1);
        assertThat(Probabilities.logLoss(actual, rows))
                .isCloseTo(-(Math.log(0.9) + Math.log(0.4) + Math.log(0.8)) / 3, within(1e-6));
        // gaps: |0.9 − 1|, |0.6 − 0|, |0.8 − 1|, each in a bin of its own
        assertThat(Probabilities.expectedCalibrationError(actual, rows, 10)).isCloseTo(0.9 / 3, within(1e-6));
        assertThat(Probabilities.logLoss(new int[] {1}, new float[][] {{1, 0}}))
                .isCloseTo(-Math.log(1e-15), within(1e-9));
    }
}
