package dev.athanor.lm.model;

import ai.djl.ndarray.NDArray;
import dev.athanor.libtorch.LtFunctions;

/** Widening, activation, narrowing: of a whole layer, or of one of its experts. */
record FeedForwardPart(ModelConfig.FeedForward kind, Weights.Linear in, Weights.Linear out) {

    static FeedForwardPart of(Weights weights, String name) {
        return new FeedForwardPart(
                weights.config().feedForward(), weights.linear(name + "in"), weights.linear(name + "out"));
    }

    /** [..., C] to [..., C]. */
    NDArray of(NDArray x) {
        NDArray h = in.of(x);
        return out.of(
                switch (kind) {
                    case RELU -> h.getNDArrayInternal().relu();
                    case GELU -> LtFunctions.gelu(h, false);
                    case GELU_TANH -> LtFunctions.gelu(h, true);
                    case GEGLU -> LtFunctions.geGlu(h, false);
                    case SWIGLU -> LtFunctions.swiGlu(h);
                });
    }
}
