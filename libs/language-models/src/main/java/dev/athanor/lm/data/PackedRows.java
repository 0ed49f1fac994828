package dev.athanor.lm.data;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The rows of packed token shards. The documents of a row neither see nor predict each other, and padding is seen by nothing and no
 * target.
 */
public final class PackedRows implements SampleRows {

    private final PackedShards shards;
    private final @Nullable Masking masking;
    private final boolean causal;
    private final long seed;

    private PackedRows(PackedShards shards, @Nullable Masking masking, boolean causal, long seed) {
        if (shards.count() < 1) {
            throw new IllegalArgumentException("the packed tokens hold no row; use a larger corpus");
        }
        this.shards = shards;
        this.masking = masking;
        this.causal = causal;
        this.seed = seed;
    }

    /** Of each token the next of its document is to be predicted. */
    public static PackedRows causal(PackedShards shards, long seed) {
        return new PackedRows(shards, null, true, seed);
    }

    /**
     * Hidden tokens are to be predicted, and of sentence pairs whether the second follows the first.
     *
     * @param masking null = nothing is hidden
     * @throws IllegalArgumentException if there is nothing to be predicted
     */
    public static PackedRows masked(PackedShards shards, @Nullable Masking masking, long seed) {
        if (masking == null && !shards.hasPairs()) {
            throw new IllegalArgumentException("rows have neither hidden tokens nor sentence pairs to be predicted");
        }
        return new PackedRows(shards, masking, false, seed);
    }

    @Override
    public int length() {
        return shards.length();
    }

    @Override
    public long count() {
        return shards.count();
    }

    @Override
    public TokenBatch shuffled(long step, int rows) {
        var order = new SampleOrder(count(), seed);
        var places = new long[rows];
        for (int row = 0; row < rows; row++) {
            long sample = Math.addExact(Math.multiplyExact(step, rows), row);
            places[row] = order.at(sample / count(), sample % count());
        }
        return gather(places, SampleOrder.mix(seed ^ SampleOrder.mix(step)));
    }

    @Override
    public TokenBatch inOrder(long first, int rows) {
        var places = new long[rows];
        Arrays.setAll(places, row -> first + row);
        return gather(places, SampleOrder.mix(seed ^ SampleOrder.mix(-1 - first)));
    }

    private TokenBatch gather(long[] places, long key) {
        int B = places.length;
        int T = length();
        var inputs_BT = new long[B * T];
        var targets_BT = new long[B * T];
        var documents_BT = new int[B * T];
        var maskable_BT = new boolean[B * T];
        long[] segments_BT = shards.hasPairs() ? new long[B * T] : null;
        long[] nextSentence_B = shards.hasPairs() ? new long[B] : null;
        Arrays.fill(targets_BT, TokenBatch.IGNORED);
        for (int b = 0; b < B; b++) {
            PackedShards.Row row = shards.row(places[b]);
            int at = b * T;
            for (int t = 0; t < T; t++) {
                inputs_BT[at + t] = row.ids_T()[t];
            }
            System.arraycopy(row.documents_T(), 0, documents_BT, at, T);
            if (causal) {
                next(row, targets_BT, at);
            } else if (masking != null) {
                markMaskable(row, maskable_BT, at);
                masking.apply(inputs_BT, targets_BT, maskable_BT, at, T, SampleOrder.mix(key + b));
            }
            if (segments_BT != null && nextSentence_B != null) {
                Arrays.fill(segments_BT, at + row.secondStart(), at + row.tokens(), 1);
                nextSentence_B[b] = row.isNext() ? 0 : 1;
            }
        }
        return new TokenBatch(B, T, inputs_BT, targets_BT, segments_BT, documents_BT, nextSentence_B);
    }

    private static void next(PackedShards.Row row, long[] targets, int at) {
        for (int t = 0; t + 1 < row.tokens(); t++) {
            if (row.documents_T()[t + 1] == row.documents_T()[t]) {
                targets[at + t] = row.ids_T()[t + 1];
            }
        }
    }

    /** All but padding and what frames the sentences. */
    private static void markMaskable(PackedShards.Row row, boolean[] maskable_BT, int at) {
        Arrays.fill(maskable_BT, at, at + row.tokens(), true);
        if (row.secondStart() > 0) {
            maskable_BT[at] = false;
            maskable_BT[at + row.secondStart() - 1] = false;
            maskable_BT[at + row.tokens() - 1] = false;
        }
    }

    @Override
    public String fingerprint() {
        return "packed rows=" + count() + " length=" + length() + " pairs=" + shards.hasPairs()
                + (masking == null ? causal ? " causal" : " nothing hidden" : masking.fingerprint());
    }
}
