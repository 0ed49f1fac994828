package dev.athanor.trainer.group;

import dev.athanor.contracts.error.Checks;
import dev.athanor.lm.train.ConsumedBatches;
import java.util.ArrayList;
import java.util.List;

/**
 * How batches count samples: batch b holds the samples {@code b·batchSize …} of the endless order of epochs.
 *
 * @param perEpoch samples an epoch
 */
public record SampleSpace(int batchSize, long perEpoch) {

    public SampleSpace {
        Checks.range("batchSize", batchSize, 1, Integer.MAX_VALUE);
        Checks.range("perEpoch", perEpoch, 1, Long.MAX_VALUE);
    }

    /** The samples of the batches from {@code first} up to {@code end}, cut where an epoch ends. */
    public List<SampleRange> ranges(long generation, long first, long end, SampleRange.Status status) {
        List<SampleRange> ranges = new ArrayList<>();
        long sample = first * batchSize;
        long last = end * batchSize - 1;
        while (sample <= last) {
            long epoch = sample / perEpoch;
            long until = Math.min(last, (epoch + 1) * perEpoch - 1);
            ranges.add(new SampleRange(
                    generation, epoch, sample % perEpoch, until % perEpoch, sample, until, null, status));
            sample = until + 1;
        }
        return ranges;
    }

    /** What lies from batch {@code from} on: what was consumed, and in between what was left out. */
    public List<SampleRange> after(long from, List<ConsumedBatches> consumed) {
        List<SampleRange> ranges = new ArrayList<>();
        long next = from;
        for (ConsumedBatches run : consumed) {
            if (run.end() <= next) {
                continue;
            }
            if (run.first() > next) {
                ranges.addAll(ranges(run.generation(), next, run.first(), SampleRange.Status.SKIPPED));
            }
            long first = Math.max(next, run.first());
            ranges.addAll(ranges(run.generation(), first, run.end(), SampleRange.Status.COMMITTED));
            next = run.end();
        }
        return ranges;
    }
}
