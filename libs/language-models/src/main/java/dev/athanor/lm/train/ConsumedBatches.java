package dev.athanor.lm.train;

import java.util.ArrayList;
import java.util.List;

/**
 * A run of batches that went into the weights.
 *
 * @param generation of the group of processes that trained on them
 * @param first number of the first batch
 * @param end number after the last
 */
public record ConsumedBatches(long generation, long first, long end) {

    public ConsumedBatches {
        if (first < 0 || end <= first) {
            throw new IllegalArgumentException("batches " + first + " to " + end + ", expected at least one");
        }
    }

    /** The list with one batch more, which joins the last run if it continues it. */
    static List<ConsumedBatches> plus(List<ConsumedBatches> before, long generation, long batch) {
        var after = new ArrayList<>(before);
        if (!before.isEmpty() && before.getLast().end == batch && before.getLast().generation == generation) {
            after.set(after.size() - 1, new ConsumedBatches(generation, before.getLast().first, batch + 1));
        } else {
            after.add(new ConsumedBatches(generation, batch, batch + 1));
        }
        return after;
    }
}
