package dev.athanor.trainer.group;

import org.jspecify.annotations.Nullable;

/**
 * A run of samples of one epoch.
 *
 * @param generation of the group that trained on them
 * @param firstIndex place in the epoch
 * @param lastIndex place in the epoch, inclusive
 * @param firstSample counted over all epochs
 * @param lastSample counted over all epochs, inclusive
 * @param step of the checkpoint that holds them; null where none does
 */
public record SampleRange(
        long generation,
        long epoch,
        long firstIndex,
        long lastIndex,
        long firstSample,
        long lastSample,
        @Nullable Long step,
        Status status) {

    /** What became of the samples. */
    public enum Status {
        /** In the weights of a checkpoint. */
        COMMITTED,
        /** Left out because training broke down on them. */
        SKIPPED,
        /** In no checkpoint yet. */
        OPEN,
        /** Seen, but in no weights that anybody goes on with. */
        VOID
    }

    boolean counts() {
        return status == Status.COMMITTED || status == Status.SKIPPED;
    }

    /** As part of a checkpoint. */
    public SampleRange at(long checkpoint) {
        return new SampleRange(generation, epoch, firstIndex, lastIndex, firstSample, lastSample, checkpoint, status);
    }
}
