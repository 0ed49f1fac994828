package dev.athanor.libtorch;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.TensorTensorHook;
import org.jspecify.annotations.Nullable;

/**
 * A piece of the backward pass written by hand: changes the gradient of one tensor before it goes on to what the tensor was computed
 * from.
 */
final class GradientHook extends TensorTensorHook {
    /** Hooks that this thread made: the native side of one is freed after its call, which it is still part of, has returned. */
    private static final ThreadLocal<List<GradientHook>> MADE = ThreadLocal.withInitial(ArrayList::new);

    /** The hook whose result may still be held for the native side to take. */
    private static final ThreadLocal<@Nullable GradientHook> CALLED = new ThreadLocal<>();

    private final transient UnaryOperator<Tensor> change;
    private final transient LtNDManager owner;
    private final transient String id;
    private final transient List<Tensor> kept;
    private transient @Nullable Tensor result;
    private volatile boolean done;

    private GradientHook(LtNDManager owner, UnaryOperator<Tensor> change, Tensor... kept) {
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
     * Changes the gradient in place, which nobody else may hold: that of a tensor that is used by several operations, or by one that
     * gives a gradient of its own. Call inside a pointer scope.
     *
     * @param manager the hook lives until its call, or until the outermost manager around this one is closed
     * @param change is given the gradient
     * @param kept what {@code change} needs of the forward pass; detached tensors, or leaves
     */
    static void inPlace(Tensor tensor, NDManager manager, Consumer<Tensor> change, Tensor... kept) {
        instead(
                tensor,
                manager,
                gradient -> {
                    change.accept(gradient);
                    return gradient;
                },
                kept);
    }

    /** As {@link #inPlace}, for gradients that others may hold: {@code change} gives another of the same shape. */
    static void instead(Tensor tensor, NDManager manager, UnaryOperator<Tensor> change, Tensor... kept) {
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
    public TensorBase call(TensorBase gradient) {
        GradientHook before = CALLED.get();
        if (before != null) {
            before.forgetResult();
        }
        CALLED.set(this);
        TensorBase changed;
        try (PointerScope scope = new PointerScope()) {
            Tensor given = new Tensor(gradient);
            Tensor made = change.apply(given);
            changed = made == given ? gradient : keepResult(made);
        }
        if (!Autograd.retainsGraph()) {
            forgetKept();
            done = true;
        }
        return changed;
    }

    /** The native side copies the handle after the call has returned. */
    private synchronized Tensor keepResult(Tensor made) {
        forgetResult();
        result = made.retainReference();
        return made;
    }

    private synchronized void forgetResult() {
        Tensor held = result;
        result = null;
        if (held != null) {
            held.releaseReference();
        }
    }

    private synchronized void forgetKept() {
        kept.forEach(Tensor::releaseReference);
        kept.clear();
    }

    private void release() {
        forgetKept();
        forgetResult();
        done = true;
    }

    private boolean retire() {
        if (done) {
            owner.detachInternal(id);
            release();
            releaseReference();
        }
        return done;
    }
}
