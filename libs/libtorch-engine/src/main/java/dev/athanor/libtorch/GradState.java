package dev.athanor.libtorch;

import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.pytorch.GradMode;
import org.jspecify.annotations.Nullable;

/**
 * Whether operations of the current thread are recorded for differentiation. Off unless a {@link LtGradientCollector} or
 * {@link Autograd#record()} scope is open: on this thread, or anywhere in the process for threads that have opened no scope of
 * their own (DJL's trainer runs its forward passes on pool threads). libtorch keeps its mode per thread and starts it on, so
 * {@link #sync()} brings it in line before each native call.
 */
final class GradState {
    private static final AtomicInteger COLLECTORS = new AtomicInteger();
    private static final ThreadLocal<GradState> CURRENT = ThreadLocal.withInitial(GradState::new);

    private @Nullable Boolean chosen;
    private boolean applied = true;

    private GradState() {}

    static void sync() {
        GradState state = CURRENT.get();
        boolean wanted = state.wanted();
        if (wanted != state.applied) {
            GradMode.set_enabled(wanted);
            state.applied = wanted;
        }
    }

    static boolean enabled() {
        return CURRENT.get().wanted();
    }

    /** Sets this thread's own choice and returns the one before, to be given back to {@link #restore}. */
    static @Nullable Boolean choose(boolean enabled) {
        GradState state = CURRENT.get();
        Boolean previous = state.chosen;
        state.chosen = enabled;
        return previous;
    }

    static void restore(@Nullable Boolean previous) {
        CURRENT.get().chosen = previous;
        sync();
    }

    /**
     * Runs {@code body} recorded, inside a callback from a backward pass: there libtorch has turned the mode off behind our back
     * and will turn it on again by itself.
     */
    static <T> T recordInCallback(java.util.function.Supplier<T> body) {
        GradState state = CURRENT.get();
        boolean outerApplied = state.applied;
        Boolean outerChosen = state.chosen;
        boolean nativeMode = GradMode.is_enabled();
        state.applied = nativeMode;
        state.chosen = true;
        try {
            return body.get();
        } finally {
            GradMode.set_enabled(nativeMode);
            state.applied = outerApplied;
            state.chosen = outerChosen;
        }
    }

    static void collectorOpened() {
        COLLECTORS.incrementAndGet();
    }

    static void collectorClosed() {
        COLLECTORS.decrementAndGet();
    }

    private boolean wanted() {
        Boolean own = chosen;
        return own != null ? own : COLLECTORS.get() > 0;
    }
}
