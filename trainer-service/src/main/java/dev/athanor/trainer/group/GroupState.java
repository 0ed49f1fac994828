package dev.athanor.trainer.group;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who trains a run now.
 *
 * @param generation of the last group; 0 before the first
 * @param workers that are there, by slot
 */
public record GroupState(long generation, List<Worker> workers) {

    /**
     * @param rank in the group; null while the worker waits for one
     * @param silentSeconds since it was last heard of
     */
    public record Worker(int slot, @Nullable Integer rank, String host, double silentSeconds) {}
}
