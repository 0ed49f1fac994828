package dev.athanor.benchmarks.engine;

/** One whole training step: forward, loss, backward, clipping by norm 1, AdamW. */
interface TrainingStep extends AutoCloseable {
    /** Runs the step on batch {@code number} and returns the mean loss. */
    double run(long number);

    @Override
    void close();
}
