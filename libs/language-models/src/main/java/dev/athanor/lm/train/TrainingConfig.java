package dev.athanor.lm.train;

/**
 * How a model is trained.
 *
 * @param steps optimizer steps
 * @param maxMinutes where above 0: before the first step a few steps are measured, and the number of steps is lowered so that
 *     training takes about this long; the number is kept with the checkpoints
 * @param batchSize sequences per optimizer step
 * @param microBatchSize sequences per forward and backward pass, gradients are added up; 0 = batchSize
 * @param learningRate peak, after the warm-up
 * @param warmupSteps at most a tenth of the steps, where {@code maxMinutes} lowers them
 * @param clipNorm 0 = off
 * @param checkpointEvery steps; 0 = only when interrupted, and then a run that breaks down cannot go back
 * @param validateEvery steps; 0 = only at the end
 * @param validationTokens scored at each validation, at most
 * @param recompute whether activations are computed again in the backward pass: less memory, a third more arithmetic
 * @param averageDecay where above 0: an exponential moving average of the weights is kept with this decay a step, and is what the
 *     model holds at the end; 0 = off
 */
public record TrainingConfig(
        long steps,
        double maxMinutes,
        int batchSize,
        int microBatchSize,
        Precision precision,
        LearningRateSchedule.Shape schedule,
        double learningRate,
        long warmupSteps,
        double minLearningRateRatio,
        double weightDecay,
        double beta1,
        double beta2,
        double clipNorm,
        long checkpointEvery,
        long validateEvery,
        long validationTokens,
        long seed,
        boolean recompute,
        double averageDecay) {

    /** Nothing recomputed, nothing averaged. */
    public TrainingConfig(
            long steps,
            double maxMinutes,
            int batchSize,
            int microBatchSize,
            Precision precision,
            LearningRateSchedule.Shape schedule,
            double learningRate,
            long warmupSteps,
            double minLearningRateRatio,
            double weightDecay,
            double beta1,
            double beta2,
            double clipNorm,
            long checkpointEvery,
            long validateEvery,
            long validationTokens,
            long seed) {
        this(
                steps,
                maxMinutes,
                batchSize,
                microBatchSize,
                precision,
                schedule,
                learningRate,
                warmupSteps,
                minLearningRateRatio,
                weightDecay,
                beta1,
                beta2,
                clipNorm,
                checkpointEvery,
                validateEvery,
                validationTokens,
                seed,
                false,
                0);
    }

    public TrainingConfig {
        check(steps >= 1, "steps", steps, "at least 1");
        check(maxMinutes >= 0, "maxMinutes", maxMinutes, "at least 0");
        check(batchSize >= 1, "batchSize", batchSize, "at least 1");
        microBatchSize = microBatchSize == 0 ? batchSize : microBatchSize;
        check(
                microBatchSize >= 1 && batchSize % microBatchSize == 0,
                "microBatchSize",
                microBatchSize,
                "a divisor of batchSize (" + batchSize + ")");
        check(learningRate > 0, "learningRate", learningRate, "above 0");
        check(warmupSteps >= 0, "warmupSteps", warmupSteps, "at least 0");
        check(
                minLearningRateRatio >= 0 && minLearningRateRatio <= 1,
                "minLearningRateRatio",
                minLearningRateRatio,
                "from 0 to 1");
        check(weightDecay >= 0, "weightDecay", weightDecay, "at least 0");
        check(clipNorm >= 0, "clipNorm", clipNorm, "at least 0");
        check(checkpointEvery >= 0, "checkpointEvery", checkpointEvery, "at least 0");
        check(validateEvery >= 0, "validateEvery", validateEvery, "at least 0");
        check(validationTokens >= 1, "validationTokens", validationTokens, "at least 1");
        check(averageDecay >= 0 && averageDecay < 1, "averageDecay", averageDecay, "from 0 to below 1");
    }

    /** The same, but for what is recomputed and averaged. */
    public TrainingConfig with(boolean recomputed, double decay) {
        return new TrainingConfig(
                steps,
                maxMinutes,
                batchSize,
                microBatchSize,
                precision,
                schedule,
                learningRate,
                warmupSteps,
                minLearningRateRatio,
                weightDecay,
                beta1,
                beta2,
                clipNorm,
                checkpointEvery,
                validateEvery,
                validationTokens,
                seed,
                recomputed,
                decay);
    }

    /** 1,000 steps of 16 sequences in bf16 with the optimizer settings of nanoGPT. */
    public static TrainingConfig defaults() {
        return new TrainingConfig(
                1000,
                0,
                16,
                0,
                Precision.BF16,
                LearningRateSchedule.Shape.COSINE,
                1e-3,
                100,
                0.1,
                0.1,
                0.9,
                0.95,
                1.0,
                0,
                0,
                65_536,
                0);
    }

    /** The schedule when {@code planned} steps are made. */
    LearningRateSchedule schedule(long planned) {
        long warmup = planned < steps ? Math.min(warmupSteps, planned / 10) : warmupSteps;
        return new LearningRateSchedule(schedule, learningRate, warmup, planned, minLearningRateRatio);
    }

    private static void check(boolean holds, String field, Object value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException("training " + field + " is " + value + ", expected " + expected);
        }
    }
}
