package dev.athanor.libtorch;

import ai.djl.ndarray.NDArray;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.jspecify.annotations.Nullable;

/** Recording and differentiation without a DJL {@code GradientCollector}. */
public final class Autograd {
    private static final ThreadLocal<Boolean> RETAINING = ThreadLocal.withInitial(() -> false);

    private Autograd() {}

    /** A scope in which operations of this thread are recorded. Scopes nest; close them in reverse order. */
    public static Scope record() {
        return new Scope(true);
    }

    /** A scope in which operations of this thread are not recorded, also inside a collector. */
    public static Scope noGrad() {
        return new Scope(false);
    }

    /** Whether operations of this thread are being recorded now. */
    public static boolean isRecording() {
        return GradState.enabled();
    }

    /**
     * Adds the gradients of {@code target}, weighted by ones, to every array that requires them. The graph is freed.
     *
     * @param target any shape; a loss is usually a scalar
     * @throws ai.djl.engine.EngineException if nothing that {@code target} was computed from requires a gradient
     */
    public static void backward(NDArray target) {
        if (target.getShape().isScalar()) {
            NativeCall.run("backward", () -> LtNDArray.tensor(target).backward(), target);
        } else {
            NativeCall.run(
                    "backward",
                    () -> {
                        Tensor tensor = LtNDArray.tensor(target);
                        backward(tensor, org.bytedeco.pytorch.global.torch.ones_like(tensor), false);
                    },
                    target);
        }
    }

    /** As {@link #backward(NDArray)}, weighted by {@code gradient} of the target's shape. */
    public static void backward(NDArray target, NDArray gradient) {
        NativeCall.run(
                "backward",
                () -> backward(LtNDArray.tensor(target), LtNDArray.tensor(gradient), false),
                target,
                gradient);
    }

    /** As {@link #backward(NDArray, NDArray)}, but keeps the graph for another pass. */
    public static void backwardRetainingGraph(NDArray target, NDArray gradient) {
        NativeCall.run(
                "backward",
                () -> backward(LtNDArray.tensor(target), LtNDArray.tensor(gradient), true),
                target,
                gradient);
    }

    static void backward(Tensor target, Tensor gradient, boolean retainGraph) {
        // A layer that is computed again runs a backward pass of its own inside another.
        boolean outer = RETAINING.get();
        RETAINING.set(retainGraph);
        try {
            target.backward(gradient, new BoolOptional(retainGraph), false, new TensorArrayRefOptional());
        } finally {
            RETAINING.set(outer);
        }
    }

    /** Whether the backward pass that this thread is in keeps the graph. */
    static boolean retainsGraph() {
        return RETAINING.get();
    }

    /** Forgets the gradients of the arrays; the memory goes with them. */
    public static void clearGradients(Iterable<? extends NDArray> arrays) {
        for (NDArray array : arrays) {
            ((LtNDArray) array).clearGradient();
        }
    }

    /** Restores the mode before it when closed. */
    public static final class Scope implements AutoCloseable {
        private final @Nullable Boolean previous;

        private Scope(boolean enabled) {
            previous = GradState.choose(enabled);
        }

        @Override
        public void close() {
            GradState.restore(previous);
        }
    }
}
