package dev.athanor.trainer.group;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Proof of which samples a run has trained on.
 *
 * @param samples in the weights of the last checkpoint
 * @param exactlyOnce whether the ranges that count follow each other from the first sample on, without gap or overlap
 * @param faults gaps and overlaps, at most 100
 * @param ranges all of them, in order of sample and generation
 */
public record LedgerReport(long samples, boolean exactlyOnce, List<String> faults, List<SampleRange> ranges) {

    private static final int MOST_FAULTS = 100;

    public static LedgerReport of(List<SampleRange> ranges) {
        List<SampleRange> ordered = ranges.stream()
                .sorted(Comparator.comparingLong(SampleRange::firstSample).thenComparingLong(SampleRange::generation))
                .toList();
        List<String> faults = new ArrayList<>();
        long next = 0;
        long samples = 0;
        for (SampleRange range : ordered) {
            if (!range.counts()) {
                continue;
            }
            if (range.firstSample() != next && faults.size() < MOST_FAULTS) {
                faults.add(
                        range.firstSample() > next
                                ? "samples " + next + " to " + (range.firstSample() - 1) + " are missing"
                                : "samples " + range.firstSample() + " to "
                                        + (Math.min(next, range.lastSample() + 1) - 1) + " are there twice");
            }
            next = Math.max(next, range.lastSample() + 1);
            samples +=
                    range.status() == SampleRange.Status.COMMITTED ? range.lastSample() - range.firstSample() + 1 : 0;
        }
        return new LedgerReport(samples, faults.isEmpty(), List.copyOf(faults), ordered);
    }
}
