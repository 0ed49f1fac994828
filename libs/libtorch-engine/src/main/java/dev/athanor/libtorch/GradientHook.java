package dev.athanor.libtorch;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.VoidTensorHook;

/**
 * A piece of the backward pass written by hand: changes the gradient of one tensor in place, which nobody else may hold, before it
 * goes on to what the tensor was computed from.
 */
final class GradientHook extends VoidTensorHook {
    /** Hooks that this thread made: the native side of one is freed after its call, which it is still part of, has returned. */
    private static final ThreadLocal<List<GradientHook>> MADE = ThreadLocal.withInitial(ArrayList::new);

    private final transient Consumer<Tensor> change;
    private final transient LtNDManager owner;
    private final transient String id;
    private final transient List<Tensor> kept;
    private volatile boolean done;

    private GradientHook(LtNDManager owner, Consumer<Tensor> change, Tensor... kept) {
        this.owner = owner;
        this.change = change;
        this.kept = new ArrayList<>();
        for (Tensor tensor : kept) {
            this.kept.add(tensor.retainReference());
        }
        id = "hook-" + System.identityHashCode(this) + "-" + System.nanoTime();
        owner.attachUncappedInternal(id, this::release);
    }

    /**
     * Call inside a pointer scope.
     *
     * @param manager the hook lives until its call, or until the outermost manager around this one is closed
     * @param change is given the gradient
     * @param kept what {@code change} needs of the forward pass; detached tensors
     */
    static void on(Tensor tensor, NDManager manager, Consumer<Tensor> change, Tensor... kept) {
        List<GradientHook> made = MADE.get();
        made.removeIf(GradientHook::retire);
        GradientHook hook = new GradientHook(outermost((LtNDManager) manager), change, kept);
        made.add(hook.retainReference());
        tensor.register_hook(hook);
    }

    private static LtNDManager outermost(LtNDManager manager) {
        LtNDManager at = manager;
        while (at != LtNDManager.system()
                && at.getParentManager() instanceof LtNDManager parent
                && parent != LtNDManager.system()) {
            at = parent;
        }
        return at;
    }

    @Override
    public void call(TensorBase gradient) {
        try (PointerScope scope = new PointerScope()) {
            change.accept(new Tensor(gradient));
        }
        if (!Autograd.retainsGraph()) {
            release();
        }
    }

    private synchronized void release() {
        kept.forEach(Tensor::releaseReference);
        kept.clear();
        done = true;
    }

    private boolean retire() {
        if (done) {
            owner.detachInternal(id);
            releaseReference();
        }
        return done;
    }
}
