package dev.athanor.lm.train;

/**
 * How a model is trained.
 *
 * @param steps optimizer steps
 * @param maxMinutes where above 0: before the first step a few steps are measured, and the number of steps is lowered so that
 *     training takes about this long; the number is kept with the checkpoints
 * @param batchSize sequences per optimizer step
 * @param microBatchSize sequences per forward and backward pass, gradients are added up; 0 = batchSize
 * @param precision of the forward and backward passes
 * @param schedule how the learning rate falls after the warm-up
 * @param learningRate peak, after the warm-up
 * @param warmupSteps at most a tenth of the steps, where {@code maxMinutes} lowers them
 * @param minLearningRateRatio learning rate after the last step, as a share of the peak
 * @param weightDecay of matrices and embeddings, decoupled from the gradient (Loshchilov, Hutter 2019); biases and norms have none
 * @param beta1 decay a step of the average of the gradient
 * @param beta2 decay a step of the average of its square
 * @param clipNorm largest Euclidean norm of all gradients together, to which larger ones are scaled down; 0 = off
 * @param checkpointEvery steps; 0 = only when interrupted, and then a run that breaks down cannot go back
 * @param validateEvery steps; 0 = only at the end
 * @param validationTokens scored at each validation, at most
 * @param seed of the order of the samples and of dropout
 * @param recompute whether activations are computed again in the backward pass: less memory, a third more arithmetic
 * @param averageDecay where above 0: an exponential moving average of the weights is kept with this decay a step, less in the first
 *     steps ((1 + n)/(10 + n) in step n), and is what is validated and what the model holds at the end; 0 = off
 * @param maxSkipped batches that may be left out because training broke down on them, before the run ends
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
        double averageDecay,
        int maxSkipped) {

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
        check(maxSkipped >= 0, "maxSkipped", maxSkipped, "at least 0");
    }

    /**
     * Everything else as nanoGPT has it for small models: bf16, one pass a step, AdamW with betas 0.9 and 0.95 and weight decay 0.1,
     * gradients clipped to 1, a cosine from 1e-3 to a tenth of it after 100 steps of warm-up, seed 0; checkpoints and validation (of
     * 65,536 tokens) at the end only; nothing recomputed, nothing averaged; 3 batches may be left out.
     *
     * @param steps optimizer steps
     * @param batchSize sequences per optimizer step
     */
    public static Builder builder(long steps, int batchSize) {
        return new Builder(steps, batchSize);
    }

    /** This configuration, to be changed field by field. */
    public Builder toBuilder() {
        return new Builder(this);
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

    /** Field by field, as {@link #builder} starts; what the numbers mean says {@link TrainingConfig}. */
    public static final class Builder {
        private long steps;
        private double maxMinutes;
        private int batchSize;
        private int microBatchSize;
        private Precision precision = Precision.BF16;
        private LearningRateSchedule.Shape schedule = LearningRateSchedule.Shape.COSINE;
        private double learningRate = 1e-3;
        private long warmupSteps = 100;
        private double minLearningRateRatio = 0.1;
        private double weightDecay = 0.1;
        private double beta1 = 0.9;
        private double beta2 = 0.95;
        private double clipNorm = 1;
        private long checkpointEvery;
        private long validateEvery;
        private long validationTokens = 65_536;
        private long seed;
        private boolean recompute;
        private double averageDecay;
        private int maxSkipped = 3;

        private Builder(long steps, int batchSize) {
            this.steps = steps;
            this.batchSize = batchSize;
        }

        private Builder(TrainingConfig from) {
            steps = from.steps;
            maxMinutes = from.maxMinutes;
            batchSize = from.batchSize;
            microBatchSize = from.microBatchSize;
            precision = from.precision;
            schedule = from.schedule;
            learningRate = from.learningRate;
            warmupSteps = from.warmupSteps;
            minLearningRateRatio = from.minLearningRateRatio;
            weightDecay = from.weightDecay;
            beta1 = from.beta1;
            beta2 = from.beta2;
            clipNorm = from.clipNorm;
            checkpointEvery = from.checkpointEvery;
            validateEvery = from.validateEvery;
            validationTokens = from.validationTokens;
            seed = from.seed;
            recompute = from.recompute;
            averageDecay = from.averageDecay;
            maxSkipped = from.maxSkipped;
        }

        public Builder steps(long value) {
            steps = value;
            return this;
        }

        /** 0 = as long as the steps take. */
        public Builder maxMinutes(double value) {
            maxMinutes = value;
            return this;
        }

        public Builder batchSize(int value) {
            batchSize = value;
            return this;
        }

        /** 0 = batchSize. */
        public Builder microBatchSize(int value) {
            microBatchSize = value;
            return this;
        }

        public Builder precision(Precision value) {
            precision = value;
            return this;
        }

        public Builder schedule(LearningRateSchedule.Shape value) {
            schedule = value;
            return this;
        }

        public Builder learningRate(double value) {
            learningRate = value;
            return this;
        }

        public Builder warmupSteps(long value) {
            warmupSteps = value;
            return this;
        }

        public Builder minLearningRateRatio(double value) {
            minLearningRateRatio = value;
            return this;
        }

        public Builder weightDecay(double value) {
            weightDecay = value;
            return this;
        }

        /** AdamW's decay of the averages of the gradient and of its square (Loshchilov, Hutter 2019). */
        public Builder betas(double first, double second) {
            beta1 = first;
            beta2 = second;
            return this;
        }

        /** 0 = off. */
        public Builder clipNorm(double value) {
            clipNorm = value;
            return this;
        }

        /** 0 = only when interrupted and at the end. */
        public Builder checkpointEvery(long value) {
            checkpointEvery = value;
            return this;
        }

        /** 0 = only at the end. */
        public Builder validateEvery(long value) {
            validateEvery = value;
            return this;
        }

        public Builder validationTokens(long value) {
            validationTokens = value;
            return this;
        }

        public Builder seed(long value) {
            seed = value;
            return this;
        }

        public Builder recompute(boolean value) {
            recompute = value;
            return this;
        }

        /** 0 = off. */
        public Builder averageDecay(double value) {
            averageDecay = value;
            return this;
        }

        /** 0 = the first breakdown ends the run. */
        public Builder maxSkipped(int value) {
            maxSkipped = value;
            return this;
        }

        /** @throws IllegalArgumentException if a value is out of its range, which the message names */
        public TrainingConfig build() {
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
                    recompute,
                    averageDecay,
                    maxSkipped);
        }
    }
}
