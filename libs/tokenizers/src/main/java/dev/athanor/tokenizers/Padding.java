package dev.athanor.tokenizers;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How encodings are brought to one length.
 *
 * @param length the length, or null for that of the longest of the batch
 * @param direction which end is filled up
 * @param multipleOf lengths are rounded up to a multiple of this, where it is not null
 */
public record Padding(
        @Nullable Integer length,
        Truncation.Side direction,
        @Nullable Integer multipleOf,
        int padId,
        int padTypeId,
        String padToken) {

    /** Longest that a text is filled up to: what a file asks for is made in memory. */
    private static final int LONGEST = 1 << 24;

    public Padding {
        if (length != null && (length < 0 || length > LONGEST)) {
            throw new IllegalArgumentException("padding.strategy.Fixed: " + length + ", expected 0 to " + LONGEST);
        }
        if (multipleOf != null && (multipleOf < 0 || multipleOf > LONGEST)) {
            throw new IllegalArgumentException(
                    "padding.pad_to_multiple_of: " + multipleOf + ", expected 0 to " + LONGEST);
        }
    }

    /** To the longest of the batch, on the right. */
    public static Padding longest(int padId, String padToken) {
        return new Padding(null, Truncation.Side.RIGHT, null, padId, 0, padToken);
    }

    List<Encoding> apply(List<Encoding> batch) {
        int target = length != null
                ? length
                : batch.stream().mapToInt(Encoding::length).max().orElse(0);
        if (multipleOf != null && multipleOf > 0 && target % multipleOf > 0) {
            target += multipleOf - target % multipleOf;
        }
        int to = target;
        return batch.stream().map(e -> pad(e, to)).toList();
    }

    private Encoding pad(Encoding e, int target) {
        List<Encoding> overflowing =
                e.overflowing().stream().map(o -> pad(o, target)).toList();
        if (e.length() >= target) {
            return e.withOverflowing(overflowing);
        }
        int n = target - e.length();
        int[] ids = new int[n];
        String[] tokens = new String[n];
        Arrays.fill(ids, padId);
        Arrays.fill(tokens, padToken);
        Encoding special = Encoding.ofSpecial(ids, tokens, padTypeId);
        Encoding fill = new Encoding(
                ids,
                special.typeIds(),
                tokens,
                new int[n],
                special.specialTokensMask(),
                special.offsets(),
                special.wordIds(),
                special.sequenceIds(),
                List.of());
        Encoding bare = e.withOverflowing(List.of());
        Encoding padded = direction == Truncation.Side.RIGHT ? bare.concat(fill) : fill.concat(bare);
        return padded.withOverflowing(overflowing);
    }
}
