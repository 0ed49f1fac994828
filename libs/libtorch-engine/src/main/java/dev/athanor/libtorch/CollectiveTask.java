package dev.athanor.libtorch;

import ai.djl.engine.EngineException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.Work;
import org.jspecify.annotations.Nullable;

/**
 * A collective operation from the call until its result is taken. It may be asked by several threads, and let go of by another:
 * libtorch's objects are touched under its lock only.
 */
final class CollectiveTask {
    private final CollectiveCall call;
    private final Duration limit;
    private final List<Tensor> tensors;
    private @Nullable List<Work> works;
    private @Nullable Throwable failure;
    private boolean done;

    /** @param tensors with references that now belong to the task: the arrays may be closed before it begins */
    CollectiveTask(CollectiveCall call, Duration limit, List<Tensor> tensors) {
        this.call = call;
        this.limit = limit;
        this.tensors = new ArrayList<>(tensors);
    }

    CollectiveCall call() {
        return call;
    }

    Duration limit() {
        return limit;
    }

    /** It runs; what libtorch keeps of it is let go of by {@link #release}. */
    synchronized void begun(List<Work> started) {
        started.forEach(Pointer::retainReference);
        works = started;
    }

    /** The first failure stays. */
    synchronized void fail(Throwable cause) {
        if (failure == null && !done) {
            failure = cause;
        }
    }

    /** The tensors are libtorch's matter now; only whoever begins the task may say so. */
    synchronized void letGoOfTensors() {
        tensors.forEach(Pointer::releaseReference);
        tensors.clear();
    }

    /** Whether nothing of it is under way. */
    synchronized boolean settled() {
        return done || (works == null ? failure != null : works.stream().allMatch(Work::isCompleted));
    }

    /**
     * Whether its result is there.
     *
     * @throws EngineException if it failed, each time that one asks
     */
    synchronized boolean poll() {
        if (failure != null) {
            throw new EngineException(String.valueOf(failure.getMessage()), failure);
        }
        if (!done && works != null && works.stream().allMatch(Work::isCompleted)) {
            take(works);
        }
        return done;
    }

    private void take(List<Work> completed) {
        try {
            for (Work work : completed) {
                work._wait(new Milliseconds(limit.toMillis()));
                if (!work.isSuccess()) {
                    throw new EngineException("the operation failed");
                }
            }
            done = true;
        } catch (RuntimeException e) {
            failure = NativeCall.failure(call.toString(), e);
            throw (EngineException) failure;
        }
    }

    /** As {@link #poll}, but lets the backend wait, which on GPUs ends what a lost peer left undone. */
    void waitInBackend() {
        List<Work> mine;
        synchronized (this) {
            if (done || works == null || failure != null) {
                poll();
                return;
            }
            mine = works;
            mine.forEach(Pointer::retainReference);
        }
        try {
            for (Work work : mine) {
                work._wait(new Milliseconds(limit.toMillis()));
            }
            synchronized (this) {
                done = true;
            }
        } catch (RuntimeException e) {
            fail(NativeCall.failure(call.toString(), e));
            poll();
        } finally {
            mine.forEach(Pointer::releaseReference);
        }
    }

    /** Lets go of what libtorch keeps; to be called again without effect. */
    synchronized void release() {
        if (works != null) {
            works.forEach(Pointer::releaseReference);
            works = null;
        }
    }
}
