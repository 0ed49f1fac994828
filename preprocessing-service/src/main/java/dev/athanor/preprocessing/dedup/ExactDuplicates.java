package dev.athanor.preprocessing.dedup;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Finds documents whose fingerprint an earlier one has. The first in order of (shard, document) stays. Memory is bounded by
 * the number of shards and of duplicates, not of documents.
 */
public final class ExactDuplicates {

    /** A document by its place: shard in the order of the plan, and index in the shard. */
    public record Position(int shard, int document) implements Comparable<Position> {
        @Override
        public int compareTo(Position other) {
            return shard != other.shard
                    ? Integer.compare(shard, other.shard)
                    : Integer.compare(document, other.document);
        }
    }

    private record Head(Fingerprint fingerprint, int shard, long record) {}

    private ExactDuplicates() {}

    /**
     * @param files by shard
     * @param fromBucket least value of a fingerprint's highest 16 bits
     * @param toBucket the value behind the last one
     * @return sorted
     */
    public static List<Position> find(List<FingerprintFile> files, int fromBucket, int toBucket) {
        var heads = new PriorityQueue<Head>((a, b) -> {
            int byFingerprint = a.fingerprint.compareTo(b.fingerprint);
            return byFingerprint != 0
                    ? byFingerprint
                    : a.shard != b.shard ? Integer.compare(a.shard, b.shard) : Long.compare(a.record, b.record);
        });
        var ends = new long[files.size()];
        for (int shard = 0; shard < files.size(); shard++) {
            ends[shard] = files.get(shard).lowerBound(toBucket);
            push(heads, files, shard, files.get(shard).lowerBound(fromBucket), ends);
        }
        var duplicates = new ArrayList<Position>();
        Fingerprint last = null;
        for (Head head = heads.poll(); head != null; head = heads.poll()) {
            if (head.fingerprint.equals(last)) {
                duplicates.add(new Position(head.shard, files.get(head.shard).document(head.record)));
            }
            last = head.fingerprint;
            push(heads, files, head.shard, head.record + 1, ends);
        }
        duplicates.sort(null);
        return duplicates;
    }

    private static void push(
            PriorityQueue<Head> heads, List<FingerprintFile> files, int shard, long record, long[] ends) {
        if (record < ends[shard]) {
            heads.add(new Head(files.get(shard).fingerprint(record), shard, record));
        }
    }
}
