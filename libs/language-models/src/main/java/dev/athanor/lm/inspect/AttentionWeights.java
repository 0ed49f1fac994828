package dev.athanor.lm.inspect;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.athanor.libtorch.LtFunctions;
import dev.athanor.lm.model.Operations;

/** The attention that fused kernels keep to themselves, in single steps. Shapes as in {@link dev.athanor.lm.model.Transformer}. */
final class AttentionWeights {

    private static final float HIDDEN = -1e30f;

    private AttentionWeights() {}

    /** {@code softmax(q kᵀ scale + bias)}, [B, H, T, S]. */
    static NDArray of(Operations.Attention in) {
        NDArray k_BHSD = perQueryHead(in.k_BKSD(), in.q_BHTD());
        NDArray scores_BHTS = in.q_BHTD().matMul(k_BHSD.transpose(0, 1, 3, 2)).mul(in.scale());
        if (in.causal()) {
            scores_BHTS = scores_BHTS.add(triangle(scores_BHTS));
        }
        if (in.bias() != null) {
            scores_BHTS = scores_BHTS.add(in.bias());
        }
        return LtFunctions.softmax(scores_BHTS, -1, null);
    }

    /** Keys or values [B, K, S, D] for each of the H query heads that share them: [B, H, S, D]. */
    static NDArray perQueryHead(NDArray x_BKSD, NDArray q_BHTD) {
        Shape shape = x_BKSD.getShape();
        long H = q_BHTD.getShape().get(1);
        long K = shape.get(1);
        return K == H
                ? x_BKSD
                : x_BKSD.expandDims(2)
                        .broadcast(shape.get(0), K, H / K, shape.get(2), shape.get(3))
                        .reshape(shape.get(0), H, shape.get(2), shape.get(3));
    }

    private static NDArray triangle(NDArray scores_BHTS) {
        NDManager manager = scores_BHTS.getManager();
        int T = (int) scores_BHTS.getShape().get(2);
        int S = (int) scores_BHTS.getShape().get(3);
        var hidden_TS = new float[T * S];
        for (int t = 0; t < T; t++) {
            java.util.Arrays.fill(hidden_TS, t * S + t + S - T + 1, (t + 1) * S, HIDDEN);
        }
        return manager.create(hidden_TS, new Shape(T, S)).toType(scores_BHTS.getDataType(), false);
    }
}
