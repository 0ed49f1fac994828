package dev.athanor.lm.data;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one step trains on, row-major.
 *
 * @param inputs_BT token ids
 * @param targets_BT the id to be predicted at each position, or {@link #IGNORED} where no loss is taken
 * @param segments_BT sentence type of each position; null = all 0
 * @param documents_BT number of the document of each position, counted in its row; null = rows are one document
 * @param nextSentence_B 0 where a row's second sentence follows its first, 1 where not; null = not asked
 */
public record TokenBatch(
        int rows,
        int length,
        long[] inputs_BT,
        long[] targets_BT,
        long @Nullable [] segments_BT,
        int @Nullable [] documents_BT,
        long @Nullable [] nextSentence_B) {

    /** Target of positions that do not count, as PyTorch's cross-entropy has it. */
    public static final long IGNORED = -100;

    public TokenBatch {
        if (inputs_BT.length != rows * length || targets_BT.length != rows * length) {
            throw new IllegalArgumentException("a batch of " + rows + " × " + length + " needs " + rows * length
                    + " inputs and targets, got " + inputs_BT.length + " and " + targets_BT.length);
        }
    }

    /** Without sentences. */
    public TokenBatch(int rows, int length, long[] inputs_BT, long[] targets_BT) {
        this(rows, length, inputs_BT, targets_BT, null, null, null);
    }

    /** Positions that count. */
    public long targets() {
        long count = 0;
        for (long target : targets_BT) {
            count += target == IGNORED ? 0 : 1;
        }
        return count;
    }

    /** Some of the rows. */
    public TokenBatch slice(int fromRow, int count) {
        return new TokenBatch(
                count,
                length,
                part(inputs_BT, fromRow * length, count * length),
                part(targets_BT, fromRow * length, count * length),
                segments_BT == null ? null : part(segments_BT, fromRow * length, count * length),
                documents_BT == null
                        ? null
                        : Arrays.copyOfRange(documents_BT, fromRow * length, (fromRow + count) * length),
                nextSentence_B == null ? null : part(nextSentence_B, fromRow, count));
    }

    /** Batches of the same kind as one, in order. */
    static TokenBatch joined(List<TokenBatch> batches) {
        TokenBatch first = batches.getFirst();
        return new TokenBatch(
                batches.stream().mapToInt(TokenBatch::rows).sum(),
                first.length,
                join(batches, TokenBatch::inputs_BT),
                join(batches, TokenBatch::targets_BT),
                first.segments_BT == null ? null : join(batches, b -> Objects.requireNonNull(b.segments_BT)),
                first.documents_BT == null
                        ? null
                        : batches.stream()
                                .flatMapToInt(b -> Arrays.stream(Objects.requireNonNull(b.documents_BT)))
                                .toArray(),
                first.nextSentence_B == null ? null : join(batches, b -> Objects.requireNonNull(b.nextSentence_B)));
    }

    private static long[] join(List<TokenBatch> batches, Function<TokenBatch, long[]> part) {
        return batches.stream().map(part).flatMapToLong(Arrays::stream).toArray();
    }

    private static long[] part(long[] values, int from, int count) {
        return Arrays.copyOfRange(values, from, from + count);
    }
}
