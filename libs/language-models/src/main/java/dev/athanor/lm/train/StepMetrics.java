package dev.athanor.lm.train;

/**
 * What one optimizer step showed.
 *
 * @param step 1 for the first
 * @param steps in all
 * @param loss what the step lowered: {@code tokenLoss}, {@code sentenceLoss} or their sum
 * @param tokenLoss mean nats a predicted token of the step's batch; NaN where no tokens are predicted
 * @param sentenceLoss mean nats a sentence pair; NaN where there are none
 * @param lossAverage exponential moving average, about the last 50 steps
 * @param learningRate that the step was made with
 * @param gradientNorm Euclidean, of all gradients together, before clipping
 * @param tokens seen in training so far
 * @param seconds the step took
 * @param dataWaitSeconds of which were spent waiting for the batch
 * @param mfu model FLOPs utilization: FLOPs of the model over those that matrix products reach on the device; over all
 *     processes that train together; 0 = not measured
 * @param energyJoules spent by the machines that train together since this was last told; 0 where nobody measures
 * @param memoryBytes resident set of this process; -1 where the system does not tell
 * @param deviceMemoryBytes of live arrays on a GPU; 0 on a CPU
 */
public record StepMetrics(
        long step,
        long steps,
        double loss,
        double tokenLoss,
        double sentenceLoss,
        double lossAverage,
        double learningRate,
        double gradientNorm,
        long tokens,
        double seconds,
        double dataWaitSeconds,
        double tokensPerSecond,
        double mfu,
        double energyJoules,
        long memoryBytes,
        long deviceMemoryBytes) {

    /** e to the loss a token of the batch; NaN where no tokens are predicted. */
    public double perplexity() {
        return Math.exp(tokenLoss);
    }
}
