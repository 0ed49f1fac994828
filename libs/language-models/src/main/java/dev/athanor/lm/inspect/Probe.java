package dev.athanor.lm.inspect;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** A place in a forward pass whose value is kept and whose gradient can be asked for: zeros are added there that require one. */
record Probe(NDArray value, NDArray zeros) {

    /** @param manager keeps both */
    static Probe on(NDManager manager, NDArray x) {
        NDArray value = x.stopGradient().duplicate();
        value.attach(manager);
        NDArray zeros = manager.zeros(x.getShape(), x.getDataType(), x.getDevice());
        zeros.setRequiresGradient(true);
        return new Probe(value, zeros);
    }

    /** What the pass goes on with. */
    NDArray passed(NDArray x) {
        return x.add(zeros);
    }

    /** After the backward pass. */
    NDArray gradient() {
        return zeros.getGradient();
    }
}
