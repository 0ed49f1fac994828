package dev.athanor.lm.model;

import ai.djl.ndarray.NDArray;

/** Widening, activation, narrowing: of a whole layer, or of one of its experts. */
record FeedForwardPart(
        Operations operations, String name, ModelConfig.FeedForward kind, Weights.Linear in, Weights.Linear out) {

    static FeedForwardPart of(Weights weights, String name) {
        return new FeedForwardPart(
                weights.operations(),
                name.substring(0, name.length() - 1),
                weights.config().feedForward(),
                weights.linear(name + "in"),
                weights.linear(name + "out"));
    }

    /** [..., C] to [..., C]. */
    NDArray of(NDArray x) {
        return out.of(operations.activation(name, kind, in.of(x)));
    }
}
