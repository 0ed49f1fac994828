package dev.athanor.lm.data;

/**
 * Cuts a token stream into windows of {@code length} inputs, each with the token after as its last target, so that every token but
 * the first is a target once an epoch (but for less than one window at the end). Which windows a step takes is a pure function of
 * (seed, step): resuming needs no more than the step's number.
 *
 * @param length T, inputs a window
 * @param apart whether a window's documents are kept apart: they are numbered, and the first token of a document is no target
 */
public record TokenWindows(TokenStream tokens, int length, long seed, boolean apart) {

    /** Windows read as one text, whatever documents they are of. */
    public TokenWindows(TokenStream tokens, int length, long seed) {
        this(tokens, length, seed, false);
    }

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
        if (!apart) {
            return new TokenBatch(rows, length, inputs_BT, targets_BT);
        }
        var documents_BT = new int[rows * length];
        for (int row = 0; row < rows; row++) {
            number(windows.at(row) * length, documents_BT, targets_BT, row * length);
        }
        return new TokenBatch(rows, length, inputs_BT, targets_BT, null, documents_BT, null);
    }

    private void number(long start, int[] documents_BT, long[] targets_BT, int at) {
        long first = tokens.documentAt(start);
        for (int t = 0; t < length; t++) {
            long next = tokens.documentAt(start + t + 1) - first;
            documents_BT[at + t] = (int) (tokens.documentAt(start + t) - first);
            if (next != documents_BT[at + t]) {
                targets_BT[at + t] = TokenBatch.IGNORED;
            }
        }
    }

    private interface RowToWindow {
        long at(int row);
    }
}
