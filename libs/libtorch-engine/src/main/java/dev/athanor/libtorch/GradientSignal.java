package dev.athanor.libtorch;

import ai.djl.ndarray.NDArray;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.VoidTensorHook;

/**
 * Tells that a backward pass has come to an array that requires gradients and was computed from nothing: the gradient of this pass is
 * complete, and about to be added to what is there.
 *
 * <p>A pass takes operations in the reverse of the order in which they were made, as far as they depend on each other or not: when it
 * has come here, all gradients are there of arrays that were used only after this one.
 */
public final class GradientSignal implements AutoCloseable {

    private final LtNDArray array;
    private final Hook hook;
    private final int place;

    /** @param action is run on the thread of the backward pass; it must not throw */
    public GradientSignal(NDArray array, Runnable action) {
        this.array = (LtNDArray) array;
        hook = new Hook(action);
        hook.retainReference();
        place = NativeCall.value("register_hook", () -> this.array.tensor().register_hook(hook), array);
    }

    private static final class Hook extends VoidTensorHook {
        private final transient Runnable action;

        Hook(Runnable action) {
            this.action = action;
        }

        @Override
        public void call(TensorBase gradient) {
            try (PointerScope scope = new PointerScope()) {
                action.run();
            }
        }
    }

    /** No more is told. Not to be called from the action. */
    @Override
    public void close() {
        if (!array.isReleased()) {
            NativeCall.run("remove_hook", () -> array.tensor().remove_hook(place), array);
        }
        hook.releaseReference();
    }
}
