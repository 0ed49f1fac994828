package dev.athanor.lm.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A clock of this test's own goes on by what each step is said to take. */
class StepBudgetTest {

    private static final double FIRST = 4;

    /** Rehearses steps of which the first takes several times as long, and the second a half more. */
    private record Rehearsed(StepBudget budget, int count, double used) {

        static Rehearsed of(double limit, double step) {
            var budget = new StepBudget(limit);
            double used = 0;
            int count = 0;
            while (budget.wantsMore(used)) {
                double seconds = step * (count == 0 ? FIRST : count == 1 ? 1.5 : 1);
                budget.add(seconds);
                used += seconds;
                count++;
            }
            return new Rehearsed(budget, count, used);
        }
    }

    @ParameterizedTest
    @CsvSource({
        // limit, a step, rehearsed steps
        "180, 0.5, 15", // 5 % of three minutes
        "1800, 0.5, 37", // 20 s and 30 steps are enough
        "36000, 20, 30", // 5 % would be 87
        "90, 0.5, 10", // ten, though that is more than 5 %
        "60, 2, 3", // three, though that is more than 5 %
        "60, 4, 1", // a fifth at most
        "3, 10, 1", // one step takes longer than there is time
        "3, 0.001, 147",
    })
    void aShareOfTheTimeIsRehearsed(double limit, double step, int count) {
        assertThat(Rehearsed.of(limit, step).count()).isEqualTo(count);
    }

    /** Of what is rehearsed and then trained, nearly all of the time is used and no more. */
    @ParameterizedTest
    @CsvSource({"180, 0.5", "1800, 0.5", "36000, 20", "60, 2", "3, 0.001", "690, 0.44"})
    void theTimeIsUsed(double limit, double step) {
        Rehearsed rehearsed = Rehearsed.of(limit, step);
        assertThat(rehearsed.budget().secondsAStep()).isEqualTo(step);
        long steps = rehearsed.budget().steps(rehearsed.used(), step, 0, Long.MAX_VALUE);
        assertThat((rehearsed.used() + steps * step) / limit).isBetween(0.92, 0.97 + 1e-9);
    }

    @Test
    void oneThatIsHeldUpCountsNoMoreThanAnyOther() {
        var budget = new StepBudget(100);
        for (double seconds : new double[] {9, 3, 2, 2, 1.0, 1.1, 7, 1.2}) {
            budget.add(seconds);
        }
        assertThat(budget.secondsAStep()).isEqualTo(1.1);
    }

    @Test
    void whatIsDoneBesideStepsIsPaidFor() {
        var budget = new StepBudget(1000);
        assertThat(budget.steps(50, 1, 0, 5000)).isEqualTo(920);
        assertThat(budget.steps(50, 1.25, 45, 5000)).isEqualTo(700);
        assertThat(budget.steps(50, 1, 0, 300)).as("no more than asked for").isEqualTo(300);
    }

    @Test
    void oneStepIsMadeHoweverLongItTakes() {
        assertThat(new StepBudget(3).steps(20, 20, 5, 1000)).isEqualTo(1);
        assertThat(new StepBudget(1e-3).steps(0.1, 1e-3, 0, 1000)).isEqualTo(1);
    }

    @Test
    void stepsThatTakeNoTimeAreAsManyAsAskedFor() {
        assertThat(new StepBudget(3).steps(0, 0, 0, 1000)).isEqualTo(1000);
    }

    @Test
    void withoutARehearsalThereIsNoFigure() {
        assertThatThrownBy(() -> new StepBudget(3).secondsAStep()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void ofTwoTheQuickerIsTaken() {
        var budget = new StepBudget(3);
        budget.add(2);
        assertThat(budget.secondsAStep()).isEqualTo(2);
        budget.add(1);
        assertThat(budget.secondsAStep()).isCloseTo(1, within(0.0));
    }
}
