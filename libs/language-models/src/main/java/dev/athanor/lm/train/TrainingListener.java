package dev.athanor.lm.train;

/** What a training run tells, and how it is stopped. Called on the training thread. */
public interface TrainingListener {

    default void step(StepMetrics metrics) {}

    /** @param loss mean nats per token of the held-out text after {@code step} steps */
    default void validated(long step, double loss) {}

    /** @throws InterruptedException to stop before the next step; a checkpoint is published first */
    default void checkStop() throws InterruptedException {}
}
