package dev.athanor.lm.model;

import ai.djl.ndarray.NDArray;
import dev.athanor.libtorch.LtFunctions;
import org.jspecify.annotations.Nullable;

/**
 * The operations that a forward pass is made of, for tools that watch them or put others in their place; the methods as they stand
 * here are the model. Results may be let go of after the layer: keep copies. Shapes as in {@link Transformer}.
 */
public interface Operations {

    /** The model as it is. */
    Operations PLAIN = new Operations() {};

    /**
     * The residual stream on its way into a layer.
     *
     * @param layer 0 for the first; the number of layers where the stream leaves the last one
     */
    default NDArray stream(int layer, NDArray x_BTC) {
        return x_BTC;
    }

    /** @param name of the weights, without {@code .weight} */
    default NDArray linear(String name, NDArray x, NDArray weight, @Nullable NDArray bias) {
        return LtFunctions.linear(x, weight, bias);
    }

    /** @param name of the weights, without {@code .weight} */
    default NDArray norm(
            String name, NDArray x, ModelConfig.Norm kind, NDArray weight, @Nullable NDArray bias, double epsilon) {
        return switch (kind) {
            case LAYER_NORM -> LtFunctions.layerNorm(x, weight, bias, epsilon);
            case RMS_NORM -> LtFunctions.rmsNorm(x, weight, epsilon);
        };
    }

    /**
     * @param name of the part, e.g. {@code layers.0.feedforward}
     * @param h [..., F], or [..., 2·F] with the gate first for the gated kinds
     * @return [..., F]
     */
    default NDArray activation(String name, ModelConfig.FeedForward kind, NDArray h) {
        return switch (kind) {
            case RELU -> h.getNDArrayInternal().relu();
            case GELU -> LtFunctions.gelu(h, false);
            case GELU_TANH -> LtFunctions.gelu(h, true);
            case GEGLU -> LtFunctions.geGlu(h, false);
            case SWIGLU -> LtFunctions.swiGlu(h);
        };
    }

    /**
     * What enters a layer's attention.
     *
     * @param q_BHTD queries, positions applied
     * @param k_BKSD keys, positions applied
     * @param v_BKSD values
     * @param bias added to the scores, broadcastable to [B, H, T, S]; null = none
     * @param causal whether positions see only those up to themselves; then bias is null
     * @param dropout of the attention weights
     * @param scale of the scores
     */
    record Attention(
            NDArray q_BHTD,
            NDArray k_BKSD,
            NDArray v_BKSD,
            @Nullable NDArray bias,
            boolean causal,
            double dropout,
            double scale) {}

    /** @return [B, H, T, D] */
    default NDArray attention(int layer, Attention in) {
        return LtFunctions.scaledDotProductAttention(
                in.q_BHTD, in.k_BKSD, in.v_BKSD, in.bias, in.causal, in.dropout, in.scale);
    }

    /** Weights of the chosen experts' outputs, [N, P]. */
    default NDArray gates(NDArray gates_NP) {
        return gates_NP;
    }
}
