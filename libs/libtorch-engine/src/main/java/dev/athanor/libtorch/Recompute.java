package dev.athanor.libtorch;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.TensorTensorHook;
import org.jspecify.annotations.Nullable;

/**
 * Activation recomputation (Chen et al. 2016): a layer's forward pass keeps only its input, and is run again when the gradient
 * comes back. A third more arithmetic for memory of one layer instead of all.
 */
public final class Recompute {
    /** Hooks that this thread made: the native side of one is freed after its call, which it is still part of, has returned. */
    private static final ThreadLocal<List<Hook>> RETIRED = ThreadLocal.withInitial(ArrayList::new);

    private Recompute() {}

    /**
     * Applies {@code layer} to {@code x} (of any shape) so that only {@code x} is kept for the backward pass. Not recorded, it is
     * simply {@code layer.apply(x)}.
     *
     * @param draws whether the layer draws random numbers: it then draws the same ones both times, and while it is run again, nobody
     *     else draws (see {@link RngState#seeded}); a layer that does not leaves the process's generator alone
     * @param layer a function of its argument and of parameters; must give an array of the shape and type of {@code x}, and close
     *     nothing that it was given
     */
    public static NDArray apply(boolean draws, UnaryOperator<NDArray> layer, NDArray x) {
        if (!GradState.enabled()) {
            return layer.apply(x);
        }
        RETIRED.get().removeIf(Hook::retire);
        LtNDManager manager = (LtNDManager) x.getManager();
        byte @Nullable [] random = draws ? RngState.get(x.getDevice()) : null;
        NDArray result;
        try (LtNDManager scratch = manager.newSubManager(null);
                Autograd.Scope off = Autograd.noGrad()) {
            NDArray input = x.stopGradient();
            input.attach(scratch);
            result = layer.apply(input);
            result.attach(manager);
        }
        if (!result.getShape().equals(x.getShape()) || result.getDataType() != x.getDataType()) {
            throw new IllegalArgumentException("recompute: the layer maps " + x.getDataType() + x.getShape() + " to "
                    + result.getDataType() + result.getShape() + ", expected the same shape and type");
        }
        return NativeCall.array(manager, "recompute", () -> connect(layer, x, (LtNDArray) result, random), x);
    }

    /**
     * A copy of x, whose gradient function is the identity, gets the layer's values; the hook on it turns the gradient of the
     * layer's output into that of its input.
     */
    private static Tensor connect(UnaryOperator<NDArray> layer, NDArray x, LtNDArray result, byte @Nullable [] random) {
        LtNDArray input = (LtNDArray) x.stopGradient();
        input.detach();
        Tensor joined = LtNDArray.tensor(x).clone(Absent.FORMAT);
        joined.set_data(result.tensor());
        result.close();
        Hook hook = new Hook(layer, input, random, (LtNDManager) x.getManager());
        RETIRED.get().add(hook.retainReference());
        joined.register_hook(hook);
        return joined;
    }

    /** Lives as long as the manager of the layer's input. */
    private static final class Hook extends TensorTensorHook {
        private final transient UnaryOperator<NDArray> layer;
        private final transient LtNDArray input;
        private final transient LtNDManager manager;
        private final byte @Nullable [] random;
        private transient @Nullable Tensor result;
        private volatile boolean done;

        Hook(UnaryOperator<NDArray> layer, LtNDArray input, byte @Nullable [] random, LtNDManager manager) {
            this.layer = layer;
            this.input = input;
            this.random = random;
            this.manager = manager;
            manager.attachUncappedInternal("recompute-" + input.getUid(), this::release);
        }

        @Override
        public TensorBase call(TensorBase gradient) {
            Tensor back = GradState.recordInCallback(() -> differentiate(gradient));
            result = back;
            done = true;
            return back;
        }

        private Tensor differentiate(TensorBase gradient) {
            try (LtNDManager scratch = LtNDManager.system().newSubManager(input.getDevice())) {
                LtNDArray leaf = input.stopGradient();
                leaf.attach(scratch);
                leaf.setRequiresGradient(true);
                NDArray output = random == null
                        ? layer.apply(leaf)
                        : RngState.replayed(input.getDevice(), random, () -> layer.apply(leaf));
                return NativeCall.value("recompute", () -> {
                    Autograd.backward(LtNDArray.tensor(output), new Tensor(gradient), false);
                    return new Tensor(leaf.tensor().grad()).retainReference();
                });
            }
        }

        private void release() {
            input.close();
            Tensor back = result;
            result = null;
            if (back != null) {
                back.releaseReference();
            }
            done = true;
        }

        /** Frees what is left, if the gradient has come back or no longer can. */
        boolean retire() {
            if (done) {
                manager.detachInternal("recompute-" + input.getUid());
                release();
                releaseReference();
            }
            return done;
        }
    }
}
