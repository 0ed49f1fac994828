package dev.athanor.contracts.spec;

import dev.athanor.contracts.error.Checks;

/**
 * Which checkpoints of a training run are kept while it lasts.
 *
 * @param keepLast newest ones, from which it goes on; 2 or more survive a damaged file
 * @param keepBest those with the lowest loss on held-out text, of those taken at a validation
 * @param keepEverySteps those at multiples of so many steps; 0 = none for that reason
 * @param compress by zstd
 */
public record CheckpointSpec(int keepLast, int keepBest, int keepEverySteps, boolean compress) {

    public static final CheckpointSpec DEFAULTS = new CheckpointSpec(2, 0, 0, false);

    public CheckpointSpec {
        Checks.range("keepLast", keepLast, 1, 1000);
        Checks.range("keepBest", keepBest, 0, 1000);
        Checks.range("keepEverySteps", keepEverySteps, 0, 100_000_000);
    }
}
