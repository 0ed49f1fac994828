package dev.athanor.lm.train;

/**
 * What one optimizer step showed.
 *
 * @param step 1 for the first
 * @param steps in all
 * @param loss mean nats per token of the step's batch
 * @param lossAverage exponential moving average, about the last 50 steps
 * @param learningRate that the step was made with
 * @param gradientNorm Euclidean, of all gradients together, before clipping
 * @param tokens seen in training so far
 * @param seconds the step took
 * @param dataWaitSeconds of which were spent waiting for the batch
 * @param mfu model FLOPs utilization: FLOPs of the model over those that matrix products reach on the device; 0 = not measured
 */
public record StepMetrics(
        long step,
        long steps,
        double loss,
        double lossAverage,
        double learningRate,
        double gradientNorm,
        long tokens,
        double seconds,
        double dataWaitSeconds,
        double tokensPerSecond,
        double mfu) {

    /** e to the batch's loss. */
    public double perplexity() {
        return Math.exp(loss);
    }
}
