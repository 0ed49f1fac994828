package dev.athanor.lm.data;

/**
 * Cuts a token stream into windows of {@code length} inputs, each with the token after as its last target, so that every token but
 * the first is a target once an epoch (but for less than one window at the end). Which windows a step takes is a pure function of
 * (seed, step): resuming needs no more than the step's number.
 *
 * @param length T, inputs a window
 */
public record TokenWindows(TokenStream tokens, int length, long seed) {

    /** @throws IllegalArgumentException if the stream has not one whole window */
    public TokenWindows {
        if (tokens.size() < length + 1L) {
            throw new IllegalArgumentException("the tokens (" + tokens.size() + ") do not fill one window of " + length
                    + " and its target; use a larger corpus or a smaller context");
        }
    }

    /** Windows an epoch. */
    public long count() {
        return (tokens.size() - 1) / length;
    }

    /** The shuffled batch of an optimizer step: samples {@code step·rows …} of the endless order of epochs. */
    public TokenBatch shuffled(long step, int rows) {
        var order = new SampleOrder(count(), seed);
        return gather(rows, row -> {
            long sample = Math.addExact(Math.multiplyExact(step, rows), row);
            return order.at(sample / count(), sample % count());
        });
    }

    /** Windows {@code first …} in the stream's own order; fewer than {@code rows} at the end. */
    public TokenBatch inOrder(long first, int rows) {
        return gather((int) Math.min(rows, count() - first), row -> first + row);
    }

    private TokenBatch gather(int rows, RowToWindow windows) {
        var inputs_BT = new long[rows * length];
        var targets_BT = new long[rows * length];
        var window = new long[length + 1];
        for (int row = 0; row < rows; row++) {
            tokens.read(windows.at(row) * length, length + 1, window, 0);
            System.arraycopy(window, 0, inputs_BT, row * length, length);
            System.arraycopy(window, 1, targets_BT, row * length, length);
        }
        return new TokenBatch(rows, length, inputs_BT, targets_BT);
    }

    private interface RowToWindow {
        long at(int row);
    }
}
