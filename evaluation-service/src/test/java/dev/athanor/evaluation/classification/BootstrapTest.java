package dev.athanor.evaluation.classification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.lm.scores.ConfusionMatrix;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BootstrapTest {

    private final int[] actual = new Random(1).ints(500, 0, 2).toArray();
    private final int[] good = noisy(0.1, 2);
    private final int[] bad = noisy(0.3, 3);

    private int[] noisy(double share, long seed) {
        var random = new Random(seed);
        return java.util.Arrays.stream(actual)
                .map(c -> random.nextDouble() < share ? 1 - c : c)
                .toArray();
    }

    @Test
    void sameSeedSameInterval() {
        var first = new Bootstrap(2, actual, 5).score(good, ConfusionMatrix::macroF1);
        assertThat(new Bootstrap(2, actual, 5).score(good, ConfusionMatrix::macroF1))
                .isEqualTo(first);
        assertThat(new Bootstrap(2, actual, 6).score(good, ConfusionMatrix::macroF1))
                .isNotEqualTo(first);
    }

    @Test
    void aClearDifferenceExcludesZeroAndNoneIsZero() {
        var bootstrap = new Bootstrap(2, actual, 5);
        assertThat(bootstrap.difference(good, bad, ConfusionMatrix::accuracy).low())
                .isPositive();
        assertThat(bootstrap.difference(good, good, ConfusionMatrix::accuracy)).isEqualTo(new Bootstrap.Interval(0, 0));
    }
}
