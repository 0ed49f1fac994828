package dev.athanor.finetune.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {

    private static History of(String metric, double[]... lossAndAccuracy) {
        var history = new History(metric, 100, 10, 50, List.of());
        for (double[] e : lossAndAccuracy) {
            int epoch = history.epochs().size() + 1;
            history = history.with(new History.Epoch(epoch, 10 * epoch, 1, e[0], e[1], e[1]));
        }
        return history;
    }

    @Test
    void theFirstOfTheBestCounts() {
        double[][] epochs = {{0.9, 0.5}, {0.4, 0.8}, {0.3, 0.8}, {0.5, 0.7}};
        assertThat(of("accuracy", epochs).best()).isEqualTo(2);
        assertThat(of("macro-f1", epochs).best()).isEqualTo(2);
        assertThat(of("loss", epochs).best()).isEqualTo(3);
        assertThat(of("loss").best()).isZero();
        assertThat(of("loss", epochs).steps()).isEqualTo(40);
    }

    @Test
    void patienceEndsAfterSoManyEpochsWithoutABetterOne() {
        double[][] epochs = {{0.9, 0.5}, {0.4, 0.8}, {0.3, 0.8}, {0.5, 0.7}};
        assertThat(of("accuracy", epochs).outOfPatience(2)).isTrue();
        assertThat(of("accuracy", epochs).outOfPatience(3)).isFalse();
        assertThat(of("accuracy").outOfPatience(1)).as("nothing has run yet").isFalse();
    }

    @Test
    void theScheduleRisesThenFallsToZero() {
        var schedule = LinearSchedule.of(0.1, 100);
        assertThat(schedule.at(0)).isEqualTo(0.1);
        assertThat(schedule.at(9)).isEqualTo(1.0);
        assertThat(schedule.at(10)).isEqualTo(1.0);
        assertThat(schedule.at(55)).isCloseTo(0.5, within(1e-12));
        assertThat(schedule.at(99)).isGreaterThan(0);
        assertThat(schedule.at(100)).isZero();
        assertThat(LinearSchedule.of(0, 1).at(0)).isEqualTo(1.0);
    }
}
