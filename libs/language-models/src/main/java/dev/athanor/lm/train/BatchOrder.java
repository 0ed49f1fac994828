package dev.athanor.lm.train;

import java.util.SortedSet;
import java.util.TreeSet;

/** Which batch a step takes: the step's own number, moved on past batches that are skipped because training broke down on them. */
final class BatchOrder {

    private final SortedSet<Long> skipped;

    BatchOrder(SortedSet<Long> skipped) {
        this.skipped = new TreeSet<>(skipped);
    }

    long of(long step) {
        long batch = step;
        for (long skip : skipped) {
            if (skip > batch) {
                break;
            }
            batch++;
        }
        return batch;
    }

    SortedSet<Long> skipped() {
        return skipped;
    }
}
