package dev.athanor.preprocessing.dedup;

import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Predicate;

/**
 * Merges the sorted fingerprints of all shards and tells which documents share one. Memory is bounded by the number of shards,
 * not of documents.
 */
public final class EqualFingerprints {

    /** Called for each document whose fingerprint an earlier one has. */
    @FunctionalInterface
    public interface Match {
        /** @param first the smallest position with this fingerprint */
        void accept(Position first, Position later);
    }

    private record Head(Fingerprint fingerprint, int shard, long record) implements Comparable<Head> {
        @Override
        public int compareTo(Head other) {
            int byFingerprint = fingerprint.compareTo(other.fingerprint);
            if (byFingerprint != 0) {
                return byFingerprint;
            }
            return shard != other.shard ? Integer.compare(shard, other.shard) : Long.compare(record, other.record);
        }
    }

    private EqualFingerprints() {}

    /**
     * @param files by shard
     * @param fromBucket least value of a fingerprint's highest 16 bits
     * @param toBucket the value behind the last one
     * @param ignored documents that are not looked at
     */
    public static void find(
            List<FingerprintFile> files, int fromBucket, int toBucket, Predicate<Position> ignored, Match match) {
        var heads = new PriorityQueue<Head>();
        var ends = new long[files.size()];
        for (int shard = 0; shard < files.size(); shard++) {
            ends[shard] = files.get(shard).lowerBound(toBucket);
            push(heads, files, shard, files.get(shard).lowerBound(fromBucket), ends);
        }
        Head first = null;
        for (Head head = heads.poll(); head != null; head = heads.poll()) {
            Position position = position(files, head);
            if (ignored.test(position)) {
                push(heads, files, head.shard, head.record + 1, ends);
                continue;
            }
            if (first != null && head.fingerprint.equals(first.fingerprint)) {
                match.accept(position(files, first), position);
            } else {
                first = head;
            }
            push(heads, files, head.shard, head.record + 1, ends);
        }
    }

    private static Position position(List<FingerprintFile> files, Head head) {
        return new Position(head.shard, files.get(head.shard).document(head.record));
    }

    private static void push(
            PriorityQueue<Head> heads, List<FingerprintFile> files, int shard, long record, long[] ends) {
        if (record < ends[shard]) {
            heads.add(new Head(files.get(shard).fingerprint(record), shard, record));
        }
    }
}
