package dev.athanor.lm.data;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a token stream into rows for masked language modelling. With {@link SentencePairs} a row is {@code [CLS] a [SEP] b [SEP]}:
 * {@code a} is the first half of a stretch of tokens, {@code b} its second half or, every other time, tokens from elsewhere. Rows and
 * what is hidden in them are a pure function of (seed, step).
 */
public final class MaskedWindows implements SampleRows {

    private final TokenStream tokens;
    private final int length;
    private final @Nullable Masking masking;
    private final @Nullable SentencePairs pairs;
    private final long seed;
    private final int stretch;
    private final boolean apart;

    /** Ids of the tokens that frame the two sentences. */
    public record SentencePairs(int clsId, int sepId) {}

    /** Rows are read as one text, whatever documents they are of. */
    public MaskedWindows(
            TokenStream tokens, int length, @Nullable Masking masking, @Nullable SentencePairs pairs, long seed) {
        this(tokens, length, masking, pairs, seed, false);
    }

    /**
     * @param length T, tokens a row
     * @param masking what is hidden; null = nothing, and only sentences are to be told apart
     * @param pairs null = rows are plain stretches of tokens
     * @param apart whether the documents of a plain row are numbered, so that they do not see each other
     * @throws IllegalArgumentException if the stream has not two rows, or sentence pairs are to be kept apart
     */
    public MaskedWindows(
            TokenStream tokens,
            int length,
            @Nullable Masking masking,
            @Nullable SentencePairs pairs,
            long seed,
            boolean apart) {
        if (masking == null && pairs == null) {
            throw new IllegalArgumentException("rows have neither hidden tokens nor sentence pairs to be predicted");
        }
        if (apart && pairs != null) {
            throw new IllegalArgumentException(
                    "sentence pairs cannot be kept apart: their two halves are to be seen together");
        }
        this.apart = apart;
        this.tokens = tokens;
        this.length = length;
        this.masking = masking;
        this.pairs = pairs;
        this.seed = seed;
        this.stretch = pairs == null ? length : length - 3;
        if (stretch < 2 || tokens.size() < 2L * stretch) {
            throw new IllegalArgumentException("the tokens (" + tokens.size() + ") do not fill two rows of " + length
                    + "; use a larger corpus or shorter rows");
        }
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public long count() {
        return tokens.size() / stretch;
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

    /** In the stream's own order, hidden alike each time. */
    @Override
    public TokenBatch inOrder(long first, int rows) {
        var places = new long[rows];
        Arrays.setAll(places, row -> first + row);
        return gather(places, SampleOrder.mix(seed ^ SampleOrder.mix(-1 - first)));
    }

    private TokenBatch gather(long[] places, long key) {
        int B = places.length;
        var inputs_BT = new long[B * length];
        var targets_BT = new long[B * length];
        var maskable_BT = new boolean[B * length];
        long[] segments_BT = pairs == null ? null : new long[B * length];
        long[] nextSentence_B = pairs == null ? null : new long[B];
        int[] documents_BT = apart ? new int[B * length] : null;
        for (int row = 0; row < B; row++) {
            int at = row * length;
            long rowKey = SampleOrder.mix(key + row);
            Arrays.fill(maskable_BT, at, at + length, true);
            if (pairs == null || segments_BT == null || nextSentence_B == null) {
                tokens.read(places[row] * stretch, length, inputs_BT, at);
            } else {
                nextSentence_B[row] = pair(places[row], at, inputs_BT, segments_BT, maskable_BT, rowKey, pairs);
            }
            for (int t = 0; documents_BT != null && t < length; t++) {
                long start = places[row] * stretch;
                documents_BT[at + t] = (int) (tokens.documentAt(start + t) - tokens.documentAt(start));
            }
            if (masking == null) {
                Arrays.fill(targets_BT, at, at + length, TokenBatch.IGNORED);
            } else {
                masking.apply(inputs_BT, targets_BT, maskable_BT, at, length, rowKey);
            }
        }
        return new TokenBatch(B, length, inputs_BT, targets_BT, segments_BT, documents_BT, nextSentence_B);
    }

    private long pair(
            long place, int at, long[] inputs, long[] segments, boolean[] maskable, long key, SentencePairs frame) {
        int first = stretch / 2;
        int second = stretch - first;
        long start = place * stretch;
        var random = new SplittableRandom(key);
        boolean follows = random.nextBoolean();
        tokens.read(start, first, inputs, at + 1);
        long other = follows ? start + first : random.nextLong(tokens.size() - second + 1);
        tokens.read(other, second, inputs, at + 2 + first);
        int middle = at + 1 + first;
        int end = at + length - 1;
        inputs[at] = frame.clsId;
        inputs[middle] = frame.sepId;
        inputs[end] = frame.sepId;
        maskable[at] = maskable[middle] = maskable[end] = false;
        Arrays.fill(segments, middle + 1, end + 1, 1);
        return follows ? 0 : 1;
    }

    @Override
    public String fingerprint() {
        return "tokens=" + tokens.size() + " length=" + length
                + (masking == null ? " nothing hidden" : masking.fingerprint())
                + " pairs=" + pairs + (apart ? " documents apart" : "");
    }
}
