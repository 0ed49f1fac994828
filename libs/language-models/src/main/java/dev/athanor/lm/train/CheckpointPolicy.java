package dev.athanor.lm.train;

/**
 * How checkpoints are kept. The newest ones always are, for a run to go on from; the others serve those who look back.
 *
 * @param keepLast newest checkpoints kept, at least 1; 2 or more survive a damaged file
 * @param keepBest checkpoints kept for the lowest loss on held-out text among those taken at a validation
 *     (one is then taken at each)
 * @param keepEvery checkpoints kept at multiples of so many steps; 0 = none for that reason
 * @param handIn which weights the model holds at the end
 * @param compress whether files are compressed by zstd: about a tenth smaller for float32 states, for more processor time
 */
public record CheckpointPolicy(int keepLast, int keepBest, long keepEvery, HandIn handIn, boolean compress) {

    /** Which weights a run ends with. */
    public enum HandIn {
        /** Those after the last step. */
        LAST,
        /** Those of the checkpoint with the lowest loss on held-out text; the earliest of equals. */
        BEST
    }

    /** The newest two, not compressed; the last is handed in. */
    public static final CheckpointPolicy DEFAULTS = new CheckpointPolicy(2, 0, 0, HandIn.LAST, false);

    public CheckpointPolicy {
        if (keepLast < 1 || keepBest < 0 || keepEvery < 0) {
            throw new IllegalArgumentException("checkpoint policy keepLast " + keepLast + ", keepBest " + keepBest
                    + ", keepEvery " + keepEvery + ", expected at least 1, 0 and 0");
        }
        if (handIn == HandIn.BEST && keepBest == 0) {
            throw new IllegalArgumentException(
                    "checkpoint policy keepBest is 0, expected at least 1 to hand in the best");
        }
    }
}
