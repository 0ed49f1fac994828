package dev.athanor.lm.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.athanor.libtorch.LtFunctions;
import java.util.ArrayList;
import java.util.List;

/**
 * A mixture of experts: see {@link Experts}. The router works in float32. Which experts take which tokens is settled in Java, in the
 * tokens' order, so it is the same on every device; gradients flow through the gates and the experts. A single expert a token is
 * weighted by its probability as it is (Fedus et al. 2022), for a share of itself would teach the router nothing. The capacity
 * limits training only: otherwise what one sequence gives would depend on its neighbours.
 *
 * <p>Shapes: N tokens, C width, X experts, P experts a token.
 */
final class ExpertsPart {

    private final Operations operations;
    private final Experts experts;
    private final NDArray router_XC;
    private final List<FeedForwardPart> parts = new ArrayList<>();

    ExpertsPart(Weights weights, Experts experts, String name) {
        this.operations = weights.operations();
        this.experts = experts;
        router_XC = weights.weight(name + "router.weight");
        for (int e = 0; e < experts.count(); e++) {
            parts.add(FeedForwardPart.of(weights, name + "experts." + e + "."));
        }
    }

    NDArray of(NDArray x_BTC, Pass pass) {
        NDManager scope = x_BTC.getManager();
        NDArray x_NC = x_BTC.reshape(-1, pass.config.width());
        NDArray logits_NX = LtFunctions.linear(x_NC, router_XC, null);
        if (logits_NX.getDataType().getNumOfBytes() < Float.BYTES) {
            logits_NX = logits_NX.toType(DataType.FLOAT32, false);
        }
        NDArray p_NX = LtFunctions.softmax(logits_NX, -1, null);
        Routing routing = Routing.of(p_NX.toType(DataType.FLOAT32, false).toFloatArray(), experts, pass.training);
        NDArray gates_NP =
                p_NX.gather(scope.create(routing.chosen_NP, new Shape(routing.tokens, experts.perToken())), 1);
        if (experts.perToken() > 1) {
            gates_NP = gates_NP.div(gates_NP.sum(new int[] {1}, true));
        }
        gates_NP = operations.gates(gates_NP);
        NDArray y_NC = combine(scope, x_NC, gates_NP.toType(x_NC.getDataType(), false), routing);
        if (pass.training) {
            pass.addAuxiliaryLoss(auxiliaryLoss(scope, logits_NX, p_NX, routing));
        }
        pass.expertShares.add(routing.shares());
        return y_NC.reshape(x_BTC.getShape());
    }

    private NDArray combine(NDManager scope, NDArray x_NC, NDArray gates_NP, Routing routing) {
        // Row 0 is zero: the output of an expert that had no room.
        NDList outputs = new NDList(scope.zeros(new Shape(1, x_NC.getShape().get(1)), x_NC.getDataType()));
        for (int e = 0; e < experts.count(); e++) {
            long[] rows = routing.tokensOf(e);
            if (rows.length > 0) {
                outputs.add(parts.get(e).of(LtFunctions.embedding(scope.create(rows), x_NC)));
            }
        }
        NDArray all = outputs.size() == 1 ? outputs.head() : NDArrays.concat(outputs, 0);
        NDArray sum_NC = null;
        for (int p = 0; p < experts.perToken(); p++) {
            NDArray gate_N1 = LtFunctions.narrow(gates_NP, 1, p, 1);
            NDArray part_NC = LtFunctions.embedding(scope.create(routing.outputRows(p)), all)
                    .mul(gate_N1);
            sum_NC = sum_NC == null ? part_NC : sum_NC.add(part_NC);
        }
        return java.util.Objects.requireNonNull(sum_NC);
    }

    /** Balance: X·Σ (share of assignments)·(mean probability); z: mean of (log Σ exp logits)². */
    private NDArray auxiliaryLoss(NDManager scope, NDArray logits_NX, NDArray p_NX, Routing routing) {
        var shares = new float[experts.count()];
        double[] exact = routing.shares();
        for (int e = 0; e < shares.length; e++) {
            shares[e] = (float) exact[e];
        }
        NDArray balance = p_NX.mean(new int[] {0})
                .mul(scope.create(shares).toType(p_NX.getDataType(), false))
                .sum()
                .mul(experts.count());
        NDArray first_N1 = LtFunctions.narrow(logits_NX, 1, 0, 1);
        NDArray logSumExp_N1 = first_N1.sub(LtFunctions.narrow(LtFunctions.logSoftmax(logits_NX, -1, null), 1, 0, 1));
        NDArray z = logSumExp_N1.mul(logSumExp_N1).mean();
        return balance.mul(experts.balanceWeight()).add(z.mul(experts.routerZWeight()));
    }

    /**
     * Who takes what.
     *
     * @param chosen_NP experts of each token, the most probable first
     * @param slot_NP place of the token among the expert's, or -1 if it had no room
     * @param taken_X tokens that each expert takes
     */
    record Routing(int tokens, Experts experts, long[] chosen_NP, int[] slot_NP, int[] taken_X) {

        static Routing of(float[] p_NX, Experts experts, boolean limited) {
            int X = experts.count();
            int P = experts.perToken();
            int N = p_NX.length / X;
            boolean bounded = limited && experts.capacityFactor() > 0;
            int capacity = bounded ? (int) Math.ceil(experts.capacityFactor() * N * P / X) : Integer.MAX_VALUE;
            var chosen_NP = new long[N * P];
            var slot_NP = new int[N * P];
            var taken_X = new int[X];
            for (int n = 0; n < N; n++) {
                var used = new boolean[X];
                for (int p = 0; p < P; p++) {
                    int best = mostProbable(p_NX, n * X, used);
                    used[best] = true;
                    chosen_NP[n * P + p] = best;
                    slot_NP[n * P + p] = taken_X[best] < capacity ? taken_X[best]++ : -1;
                }
            }
            return new Routing(N, experts, chosen_NP, slot_NP, taken_X);
        }

        private static int mostProbable(float[] p_NX, int from, boolean[] used) {
            int best = -1;
            for (int e = 0; e < used.length; e++) {
                if (!used[e] && (best < 0 || p_NX[from + e] > p_NX[from + best])) {
                    best = e;
                }
            }
            return best;
        }

        long[] tokensOf(int expert) {
            var rows = new long[taken_X[expert]];
            for (int i = 0; i < chosen_NP.length; i++) {
                if (chosen_NP[i] == expert && slot_NP[i] >= 0) {
                    rows[slot_NP[i]] = i / experts.perToken();
                }
            }
            return rows;
        }

        /** Rows among the experts' outputs, one after the other behind row 0, of each token's p-th expert. */
        long[] outputRows(int p) {
            var first = new long[taken_X.length];
            long next = 1;
            for (int e = 0; e < first.length; e++) {
                first[e] = next;
                next += taken_X[e];
            }
            var rows = new long[tokens];
            for (int n = 0; n < tokens; n++) {
                int i = n * experts.perToken() + p;
                rows[n] = slot_NP[i] < 0 ? 0 : first[(int) chosen_NP[i]] + slot_NP[i];
            }
            return rows;
        }

        /** Of all assignments, also those without room, how many chose each expert. */
        double[] shares() {
            var shares = new double[taken_X.length];
            for (long expert : chosen_NP) {
                shares[(int) expert] += 1.0 / chosen_NP.length;
            }
            return shares;
        }
    }
}
