package dev.athanor.contracts.spec;

import dev.athanor.contracts.error.Checks;

/**
 * A mixture of experts in place of each feed-forward part.
 *
 * @param count 0 = none
 * @param perToken experts that each token is sent to
 * @param capacityFactor times its fair share of a batch that an expert takes at most, in training; 0 = no limit
 */
public record ExpertsSpec(int count, int perToken, double capacityFactor, double balanceWeight, double routerZWeight) {

    public static final ExpertsSpec NONE = new ExpertsSpec(0, 1, 1.25, 0.01, 0.001);

    public ExpertsSpec {
        Checks.range("count", count, 0, 1024);
        Checks.that(count != 1, "count", count, "0 (none) or at least 2");
        Checks.range("perToken", perToken, 1, Math.max(1, count));
        Checks.range("capacityFactor", capacityFactor, 0, 1000);
        Checks.range("balanceWeight", balanceWeight, 0, 100);
        Checks.range("routerZWeight", routerZWeight, 0, 100);
    }
}
