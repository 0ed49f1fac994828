package dev.athanor.lm.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.athanor.lm.train.LearningRateSchedule.Shape;
import org.junit.jupiter.api.Test;

class LearningRateScheduleTest {

    private final LearningRateSchedule schedule = new LearningRateSchedule(Shape.COSINE, 0.4, 4, 104, 0.1);

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
    void otherShapesFallAsTheySay() {
        assertThat(at(Shape.CONSTANT, 50)).isCloseTo(0.4, within(1e-12));
        assertThat(at(Shape.LINEAR, 54)).isCloseTo(0.22, within(1e-12));
        assertThat(at(Shape.LINEAR, 104)).isCloseTo(0.04, within(1e-12));
        assertThat(at(Shape.WARMUP_STABLE_DECAY, 84)).isCloseTo(0.4, within(1e-12));
        assertThat(at(Shape.WARMUP_STABLE_DECAY, 94)).isCloseTo(0.22, within(1e-12));
        assertThat(at(Shape.STEP, 13)).isCloseTo(0.4, within(1e-12));
        assertThat(at(Shape.STEP, 14)).isCloseTo(0.4 * Math.pow(0.1, 0.1), within(1e-12));
        assertThat(at(Shape.STEP, 104)).isCloseTo(0.04, within(1e-12));
    }

    private static double at(Shape shape, long step) {
        return new LearningRateSchedule(shape, 0.4, 4, 104, 0.1).at(step);
    }

    @Test
    void refusesNonsense() {
        assertThatThrownBy(() -> new LearningRateSchedule(Shape.COSINE, 0, 0, 1, 0))
                .hasMessageContaining("peak 0.0");
        assertThatThrownBy(() -> new LearningRateSchedule(Shape.COSINE, 1, -1, 1, 0))
                .hasMessageContaining("warmupSteps -1");
        assertThatThrownBy(() -> new LearningRateSchedule(Shape.COSINE, 1, 0, 1, 2))
                .hasMessageContaining("minRatio 2.0");
    }
}
