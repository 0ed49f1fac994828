package dev.athanor.lm.train;

/**
 * Learning rate as a pure function of the step: linear from 0 to the peak over the warm-up, then a half cosine down to a share of
 * the peak at the last step.
 *
 * @param steps optimizer steps in all
 * @param minRatio learning rate after the last step, as a share of the peak
 */
public record LearningRateSchedule(double peak, long warmupSteps, long steps, double minRatio) {

    public LearningRateSchedule {
        if (!(peak > 0) || warmupSteps < 0 || steps < 1 || !(minRatio >= 0 && minRatio <= 1)) {
            throw new IllegalArgumentException("learning rate schedule: peak " + peak + ", warmupSteps " + warmupSteps
                    + ", steps " + steps + ", minRatio " + minRatio
                    + "; expected a peak above 0, warmupSteps of at least 0, steps of at least 1, a ratio from 0 to 1");
        }
    }

    /** @param step 0 for the first optimizer step */
    public double at(long step) {
        if (step < warmupSteps) {
            return peak * (step + 1) / warmupSteps;
        }
        double progress = Math.min(1.0, (double) (step - warmupSteps) / Math.max(1, steps - warmupSteps));
        // StrictMath: the same bits on every machine.
        double cosine = 0.5 * (1 + StrictMath.cos(Math.PI * progress));
        return peak * (minRatio + (1 - minRatio) * cosine);
    }
}
