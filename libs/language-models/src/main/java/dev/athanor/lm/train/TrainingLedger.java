package dev.athanor.lm.train;

import java.io.IOException;
import java.util.List;

/** Keeps account of the batches that go into the weights. Called by the first process of a group only. */
public interface TrainingLedger {

    /** Keeps none. */
    TrainingLedger NONE = new TrainingLedger() {};

    /** Makes a checkpoint be there. */
    interface Publication {
        void publish() throws IOException;
    }

    /** Number of the group of processes that trains now; higher than that of every group before. */
    default long generation() {
        return 0;
    }

    /**
     * Training goes on from a checkpoint, or from the beginning: whatever else was consumed has left no trace in the weights.
     *
     * @param consumed all that the weights have seen
     */
    default void resumed(List<ConsumedBatches> consumed) throws IOException {}

    /** A step is done, which no checkpoint holds yet. */
    default void consumed(long batch) {}

    /**
     * A checkpoint is ready: publishes it and takes down what it holds, unless a later group has begun. Called on the thread that
     * writes checkpoints.
     *
     * @param consumed all that the weights have seen
     * @throws IOException also if a later group has begun
     */
    default void commit(long step, List<ConsumedBatches> consumed, Publication checkpoint) throws IOException {
        checkpoint.publish();
    }
}
