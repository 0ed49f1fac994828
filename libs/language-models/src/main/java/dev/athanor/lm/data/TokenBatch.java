package dev.athanor.lm.data;

/**
 * Inputs and next-token targets, row-major.
 *
 * @param inputs_BT token ids
 * @param targets_BT the id that follows each input, or {@link #IGNORED} where no loss is taken
 */
public record TokenBatch(int rows, int length, long[] inputs_BT, long[] targets_BT) {

    /** Target of positions that do not count, as PyTorch's cross-entropy has it. */
    public static final long IGNORED = -100;

    public TokenBatch {
        if (inputs_BT.length != rows * length || targets_BT.length != rows * length) {
            throw new IllegalArgumentException("a batch of " + rows + " × " + length + " needs " + rows * length
                    + " inputs and targets, got " + inputs_BT.length + " and " + targets_BT.length);
        }
    }
}
