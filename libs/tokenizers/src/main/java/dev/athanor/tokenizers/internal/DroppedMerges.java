package dev.athanor.tokenizers.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

/**
 * BPE dropout (Provilkov et al. 2020): merges are tried in the order of their ranks, and each is passed over with some probability;
 * what was passed over is tried again after the next merge that was done. It ends when all that is left was passed over.
 */
public final class DroppedMerges {

    /** A pair of neighbours that may be merged: {@code right} and the ids tell whether they are still what they were. */
    private record Candidate(int rank, int left, int right, int leftId, int rightId, int merged)
            implements Comparable<Candidate> {

        @Override
        public int compareTo(Candidate other) {
            int byRank = Integer.compare(rank, other.rank);
            return byRank != 0 ? byRank : Integer.compare(left, other.left);
        }
    }

    private final MergeTable table;
    private final int[] ids;
    private final int[] lengths;
    private final int[] next;
    private final int[] previous;
    private final PriorityQueue<Candidate> queue = new PriorityQueue<>();

    private DroppedMerges(MergeTable table, int[] ids, int[] lengths, int count) {
        this.table = table;
        this.ids = ids;
        this.lengths = lengths;
        next = new int[count];
        previous = new int[count];
        for (int i = 0; i < count; i++) {
            next[i] = i + 1 < count ? i + 1 : -1;
            previous[i] = i - 1;
        }
    }

    /** Merges the first {@code count} symbols in place, lengths added up along, and returns how many are left. */
    public static int merge(
            MergeTable table, int[] ids, int[] lengths, int count, double dropout, RandomGenerator random) {
        return count == 0 ? 0 : new DroppedMerges(table, ids, lengths, count).run(dropout, random);
    }

    private int run(double dropout, RandomGenerator random) {
        for (int i = 0; i < next.length; i++) {
            push(i);
        }
        List<Candidate> passedOver = new ArrayList<>();
        while (!queue.isEmpty()) {
            Candidate top = queue.poll();
            if (random.nextDouble() < dropout) {
                passedOver.add(top);
                continue;
            }
            queue.addAll(passedOver);
            passedOver.clear();
            if (isStill(top)) {
                apply(top);
            }
        }
        int left = 0;
        for (int i = 0; i >= 0; i = next[i]) {
            ids[left] = ids[i];
            lengths[left++] = lengths[i];
        }
        return left;
    }

    private boolean isStill(Candidate c) {
        return lengths[c.left] > 0 && next[c.left] == c.right && ids[c.left] == c.leftId && ids[c.right] == c.rightId;
    }

    private void apply(Candidate c) {
        ids[c.left] = c.merged;
        lengths[c.left] += lengths[c.right];
        lengths[c.right] = 0;
        next[c.left] = next[c.right];
        if (next[c.left] >= 0) {
            previous[next[c.left]] = c.left;
        }
        push(c.left);
        if (previous[c.left] >= 0) {
            push(previous[c.left]);
        }
    }

    private void push(int left) {
        int right = next[left];
        long found = right < 0 ? MergeTable.NONE : table.find(ids[left], ids[right]);
        if (found != MergeTable.NONE) {
            queue.add(new Candidate((int) (found >>> 32), left, right, ids[left], ids[right], (int) found));
        }
    }
}
