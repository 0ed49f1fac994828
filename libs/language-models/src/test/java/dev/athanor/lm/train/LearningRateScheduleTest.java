package dev.athanor.lm.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LearningRateScheduleTest {

    private final LearningRateSchedule schedule = new LearningRateSchedule(0.4, 4, 104, 0.1);

    @Test
    void warmsUpLinearlyFromTheFirstStepOn() {
        assertThat(schedule.at(0)).isCloseTo(0.1, within(1e-12));
        assertThat(schedule.at(3)).isCloseTo(0.4, within(1e-12));
    }

    @Test
    void fallsByHalfACosine() {
        assertThat(schedule.at(4)).isCloseTo(0.4, within(1e-12));
        assertThat(schedule.at(54)).isCloseTo((0.4 + 0.04) / 2, within(1e-12));
        assertThat(schedule.at(104)).isCloseTo(0.04, within(1e-12));
        assertThat(schedule.at(1000)).isCloseTo(0.04, within(1e-12));
    }

    @Test
    void refusesNonsense() {
        assertThatThrownBy(() -> new LearningRateSchedule(0, 0, 1, 0)).hasMessageContaining("peak 0.0");
        assertThatThrownBy(() -> new LearningRateSchedule(1, -1, 1, 0)).hasMessageContaining("warmupSteps -1");
        assertThatThrownBy(() -> new LearningRateSchedule(1, 0, 1, 2)).hasMessageContaining("minRatio 2.0");
    }
}
