package dev.athanor.libtorch;

import org.jspecify.annotations.Nullable;

/** Sees every operation of the engine, for profiling. A backward pass is one operation. */
@FunctionalInterface
public interface OperationListener {
    /**
     * Called on the thread of the operation after it returned; on CUDA that is when it was launched.
     *
     * @param operation DJL's name of it
     * @param nanoseconds from call to return
     */
    void onOperation(String operation, long nanoseconds);

    /** Installs a listener for the whole process, or removes it with null. */
    static void install(@Nullable OperationListener listener) {
        NativeCall.listener = listener;
    }
}
