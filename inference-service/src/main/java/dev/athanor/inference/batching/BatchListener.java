package dev.athanor.inference.batching;

/** Hears what a {@link MicroBatcher} does; called by its thread, so it must be quick. */
public interface BatchListener {

    BatchListener NONE = new BatchListener() {};

    /** A sequence left the queue after this time. */
    default void waited(long nanos) {}

    /** A batch of this many sequences was computed in this time. */
    default void computed(int sequences, long nanos) {}
}
