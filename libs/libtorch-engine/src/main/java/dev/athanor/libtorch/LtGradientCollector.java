package dev.athanor.libtorch;

import ai.djl.ndarray.NDArray;
import ai.djl.training.GradientCollector;
import org.jspecify.annotations.Nullable;

/**
 * Records operations while open. One may be open per thread. Gradients add up over backward passes until an optimizer update or
 * {@link #zeroGradients()} clears them, as in PyTorch.
 */
public final class LtGradientCollector implements GradientCollector {
    private static final ThreadLocal<Boolean> OPEN = ThreadLocal.withInitial(() -> false);

    private final @Nullable Boolean previous;
    private boolean closed;

    LtGradientCollector() {
        if (OPEN.get()) {
            throw new IllegalStateException("a GradientCollector is already collecting on this thread; close it first");
        }
        OPEN.set(true);
        GradState.collectorOpened();
        previous = GradState.choose(true);
    }

    @Override
    public void backward(NDArray target) {
        Autograd.backward(target);
    }

    @Override
    public void zeroGradients() {
        for (NDArray array : LtNDManager.system().getManagedArrays()) {
            if (array instanceof LtNDArray lt && !lt.isReleased() && lt.hasGradient()) {
                lt.clearGradient();
            }
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            OPEN.set(false);
            GradState.collectorClosed();
            GradState.restore(previous);
        }
    }
}
