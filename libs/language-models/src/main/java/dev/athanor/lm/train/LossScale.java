package dev.athanor.lm.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * The factor on the loss that keeps fp16 gradients from vanishing (Micikevicius et al. 2018): halved when a gradient overflows,
 * doubled after so many steps without.
 */
final class LossScale {

    /** Of the state among the optimizer's. */
    static final String NAME = "loss_scale";

    static final double SMALLEST = 1;
    private static final float FIRST = 1 << 16;
    private static final float LARGEST = 1 << 24;
    private static final int GROWTH_STEPS = 2000;

    /** The scale, and the steps since it last changed. */
    private final NDArray state;

    LossScale(NDManager manager) {
        state = manager.create(new float[] {FIRST, 0});
    }

    /** Shared: a checkpoint is read into it. */
    NDArray state() {
        return state;
    }

    double value() {
        return state.toFloatArray()[0];
    }

    /**
     * Takes note of a step's gradient norm.
     *
     * @return whether the step may be made
     */
    boolean keeps(double norm) {
        float[] now = state.toFloatArray();
        boolean finite = Double.isFinite(norm);
        if (!finite) {
            now = new float[] {(float) Math.max(SMALLEST, now[0] / 2), 0};
        } else if (now[1] + 1 == GROWTH_STEPS) {
            now = new float[] {Math.min(LARGEST, now[0] * 2), 0};
        } else {
            now[1]++;
        }
        state.set(now);
        return finite;
    }
}
