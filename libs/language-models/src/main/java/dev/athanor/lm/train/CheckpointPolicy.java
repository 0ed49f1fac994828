package dev.athanor.lm.train;

/**
 * How checkpoints are kept. The newest ones always are, for a run to go on from; the others serve those who look back.
 *
 * @param keepLast newest checkpoints kept, at least 1; 2 or more survive a damaged file
 * @param keepBest checkpoints kept for the lowest loss on held-out text among those taken at a validation
 * @param keepEvery checkpoints kept at multiples of so many steps; 0 = none for that reason
 * @param compress whether files are compressed by zstd: about a tenth smaller for float32 states, for more processor time
 */
public record CheckpointPolicy(int keepLast, int keepBest, long keepEvery, boolean compress) {

    /** The newest two, not compressed. */
    public static final CheckpointPolicy DEFAULTS = new CheckpointPolicy(2, 0, 0, false);

    public CheckpointPolicy {
        if (keepLast < 1 || keepBest < 0 || keepEvery < 0) {
            throw new IllegalArgumentException("checkpoint policy keepLast " + keepLast + ", keepBest " + keepBest
                    + ", keepEvery " + keepEvery + ", expected at least 1, 0 and 0");
        }
    }
}
