package dev.athanor.finetune.classifier;

/**
 * Share of the peak learning rate: up linearly over the warm-up, then down linearly to 0 after the last step.
 *
 * @param steps optimizer steps in all
 */
record LinearSchedule(long warmupSteps, long steps) {

    static LinearSchedule of(double warmupRatio, long steps) {
        return new LinearSchedule(Math.round(warmupRatio * steps), steps);
    }

    /** @param step 0 for the first */
    double at(long step) {
        if (step < warmupSteps) {
            return (step + 1.0) / warmupSteps;
        }
        return Math.max(0, (double) (steps - step) / Math.max(1, steps - warmupSteps));
    }
}
