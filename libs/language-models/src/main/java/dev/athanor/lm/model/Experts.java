package dev.athanor.lm.model;

/**
 * A mixture of experts in place of each feed-forward part (Shazeer et al. 2017; Fedus et al. 2022): a router sends each token to the
 * experts with the highest probabilities, whose outputs are added up, weighted by these probabilities made to sum to 1.
 *
 * @param count of experts, each a feed-forward part of the full width
 * @param perToken experts that each token is sent to
 * @param capacityFactor an expert takes at most this times its fair share of a batch's tokens, in their order; for the others it
 *     gives zero. 0 = no limit
 * @param balanceWeight of the load-balancing loss (1 at perfect balance)
 * @param routerZWeight of the mean squared log-sum-exp of the router's logits (Zoph et al. 2022)
 */
public record Experts(int count, int perToken, double capacityFactor, double balanceWeight, double routerZWeight) {

    public Experts {
        check(count >= 2, "count", count, "at least 2");
        check(perToken >= 1 && perToken <= count, "perToken", perToken, "from 1 to count (" + count + ")");
        check(capacityFactor >= 0, "capacityFactor", capacityFactor, "at least 0");
        check(balanceWeight >= 0, "balanceWeight", balanceWeight, "at least 0");
        check(routerZWeight >= 0, "routerZWeight", routerZWeight, "at least 0");
    }

    /** The usual weights of the auxiliary losses, and a capacity of 1.25. */
    public static Experts of(int count, int perToken) {
        return new Experts(count, perToken, 1.25, 0.01, 0.001);
    }

    private static void check(boolean holds, String field, Object value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException("experts " + field + " is " + value + ", expected " + expected);
        }
    }
}
