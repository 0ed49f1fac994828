package dev.athanor.finetune.classifier;

import dev.athanor.lm.data.SampleOrder;
import java.util.Arrays;
import java.util.Comparator;

/**
 * The batches of an epoch, as a pure function of (lengths, batch size, seed, epoch). Examples are shuffled, cut into pools of
 * some batches, sorted by length inside each pool, so that a batch pads little, and the batches are shuffled again.
 */
final class LengthBuckets {

    /** So many batches are sorted together: more pad less and mix less. */
    private static final int POOL_BATCHES = 16;

    private final int[] lengths;
    private final int batchSize;
    private final SampleOrder exampleOrder;
    private final SampleOrder batchOrder;

    /** @param lengths in tokens, one an example, at least one example */
    LengthBuckets(int[] lengths, int batchSize, long seed) {
        this.lengths = lengths.clone();
        this.batchSize = batchSize;
        this.exampleOrder = new SampleOrder(lengths.length, seed);
        this.batchOrder = new SampleOrder(batches(), ~seed);
    }

    /** Batches an epoch; only the last pool can hold a smaller one. */
    int batches() {
        return (lengths.length + batchSize - 1) / batchSize;
    }

    /** Example indices of every batch of the epoch, each example once. */
    int[][] epoch(int epoch) {
        Integer[] examples = new Integer[lengths.length];
        Arrays.setAll(examples, i -> (int) exampleOrder.at(epoch, i));
        int pool = POOL_BATCHES * batchSize;
        for (int from = 0; from < examples.length; from += pool) {
            Arrays.sort(
                    examples, from, Math.min(from + pool, examples.length), Comparator.comparingInt(e -> lengths[e]));
        }
        var batches = new int[batches()][];
        for (int b = 0; b < batches.length; b++) {
            int from = (int) batchOrder.at(epoch, b) * batchSize;
            batches[b] = Arrays.stream(examples, from, Math.min(from + batchSize, examples.length))
                    .mapToInt(e -> e)
                    .toArray();
        }
        return batches;
    }
}
