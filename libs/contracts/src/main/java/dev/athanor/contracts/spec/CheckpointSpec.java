package dev.athanor.contracts.spec;

import dev.athanor.contracts.error.Checks;
import java.util.List;

/**
 * Which checkpoints of a training run are kept while it lasts, among its scratch files, and which weights become the model. All are
 * deleted when the stage has ended.
 *
 * @param keepLast newest ones, from which it goes on; 2 or more survive a damaged file
 * @param keepBest those with the lowest loss on held-out text; one is taken at each validation
 * @param keepEverySteps those at multiples of so many steps, for a look at them in the scratch folder while training goes on; 0 = none
 * @param compress by zstd
 * @param handIn {@code last}: the model has the weights after the last step; {@code best}: those with the lowest loss on held-out text
 */
public record CheckpointSpec(int keepLast, int keepBest, int keepEverySteps, boolean compress, String handIn) {

    public static final CheckpointSpec DEFAULTS = new CheckpointSpec(2, 0, 0, false, "last");

    public CheckpointSpec {
        Checks.range("keepLast", keepLast, 1, 1000);
        Checks.range("keepBest", keepBest, 0, 1000);
        Checks.range("keepEverySteps", keepEverySteps, 0, 100_000_000);
        Checks.oneOf("handIn", handIn, List.of("last", "best"));
    }

    /** Whether checkpoints are told apart by their loss on held-out text. */
    public boolean needsValidation() {
        return keepBest > 0 || handIn.equals("best");
    }
}
