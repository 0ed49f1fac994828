package dev.athanor.lm.train;

/**
 * Learning rate as a pure function of the step: linear from 0 to the peak over the warm-up, then as the shape says, down to a share of
 * the peak at the last step.
 *
 * @param peak reached in the last step of the warm-up
 * @param warmupSteps 0 = none
 * @param steps optimizer steps in all
 * @param minRatio learning rate after the last step, as a share of the peak
 */
public record LearningRateSchedule(Shape shape, double peak, long warmupSteps, long steps, double minRatio) {

    /** What follows the warm-up. */
    public enum Shape {
        CONSTANT,
        LINEAR,
        /** A half cosine. */
        COSINE,
        /** Ten equal steps down, geometrically. */
        STEP,
        /** At the peak until the last fifth, which falls linearly (Hu et al. 2024). */
        WARMUP_STABLE_DECAY
    }

    private static final int STAIRS = 10;
    private static final double DECAY_SHARE = 0.2;

    public LearningRateSchedule {
        if (!(peak > 0) || warmupSteps < 0 || steps < 1 || !(minRatio >= 0 && minRatio <= 1)) {
            throw new IllegalArgumentException("learning rate schedule: peak " + peak + ", warmupSteps " + warmupSteps
                    + ", steps " + steps + ", minRatio " + minRatio
                    + "; expected a peak above 0, warmupSteps of at least 0, steps of at least 1, a ratio from 0 to 1");
        }
        if (shape == Shape.STEP && minRatio == 0) {
            throw new IllegalArgumentException("learning rate schedule: minRatio 0, expected above 0 for shape STEP");
        }
    }

    /** @param step 0 for the first optimizer step */
    public double at(long step) {
        if (step < warmupSteps) {
            return peak * (step + 1) / warmupSteps;
        }
        double progress = Math.min(1.0, (double) (step - warmupSteps) / Math.max(1, steps - warmupSteps));
        return peak * ratio(progress);
    }

    /** StrictMath gives the same bits on every machine. */
    private double ratio(double progress) {
        return switch (shape) {
            case CONSTANT -> 1;
            case LINEAR -> minRatio + (1 - minRatio) * (1 - progress);
            case COSINE -> minRatio + (1 - minRatio) * 0.5 * (1 + StrictMath.cos(Math.PI * progress));
            case STEP -> StrictMath.pow(minRatio, Math.floor(progress * STAIRS) / STAIRS);
            case WARMUP_STABLE_DECAY -> {
                double decayed = Math.max(0, (progress - (1 - DECAY_SHARE)) / DECAY_SHARE);
                yield minRatio + (1 - minRatio) * (1 - decayed);
            }
        };
    }
}
