package dev.athanor.lm.train;

/** What a training run tells, and how it is stopped. Called on the training thread. */
public interface TrainingListener {

    default void step(StepMetrics metrics) {}

    /** @param loss mean nats per token of the held-out text after {@code step} steps */
    default void validated(long step, double loss) {}

    /** Training broke down in a step and goes on from an earlier one, without the batch it broke down on. */
    default void rolledBack(long brokenStep, long resumedStep, String reason) {}

    /** @throws InterruptedException to stop before the next step; a checkpoint is published first */
    default void checkStop() throws InterruptedException {}
}
