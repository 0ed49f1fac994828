package dev.athanor.lm.train;

import java.util.List;
import java.util.SortedMap;

/** What a training run tells, and how it is stopped. Called on the training thread. */
public interface TrainingListener {

    default void step(StepMetrics metrics) {}

    /**
     * Told before {@link #step} of each step of a model with experts.
     *
     * @param shares for each layer with experts, the share that each expert got of the assignments of the step's last micro-batch
     */
    default void experts(long step, List<double[]> shares) {}

    /** Whether {@link #gradients} is to be called for a step; it costs a pass over the gradients. */
    default boolean wantsGradients(long step) {
        return false;
    }

    /**
     * @param statistics of the gradients before clipping, by part of the model: {@code tokens}, {@code layers.0}, …
     */
    default void gradients(long step, SortedMap<String, GradientStatistics> statistics) {}

    /**
     * What was spent since the last call, by this machine; of the processes on one machine only the first is asked.
     *
     * @param seconds since the last call
     */
    default double energyJoules(double seconds) {
        return 0;
    }

    /** @param loss mean nats per token of the held-out text after {@code step} steps, of the model that would be handed in then */
    default void validated(long step, double loss) {}

    /** @param loss mean nats per held-out sentence pair, told before {@link #validated} of the same step */
    default void sentencesValidated(long step, double loss) {}

    /** Training broke down in a step and goes on from an earlier one, without the batch it broke down on. */
    default void rolledBack(long brokenStep, long resumedStep, String reason) {}

    /** @throws InterruptedException to stop before the next step, or within a validation; a checkpoint is published first */
    default void checkStop() throws InterruptedException {}
}
