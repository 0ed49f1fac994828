package dev.athanor.libtorch;

import ai.djl.engine.EngineException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.AllgatherOptions;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.Work;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Begins the operations of a group, one after the other in the order of the calls, and ends the group.
 *
 * <p>Gloo ends the process of a member that is sent more than it expects, and adds up bits of different types. So members tell each
 * other first what they are about to do, and begin only where all say the same. That is done on a thread of the group's own, so
 * that a call in the background does not wait for the others; the same thread frees the group, after everything else. With NCCL
 * operations begin on the caller's thread, on whose stream they belong, and nothing is compared.
 */
final class CollectiveQueue {
    private static final long CLOSING_MILLIS = 200;

    private final boolean gpu;
    private final Rendezvous place;
    private final TCPStore store;
    private final Backend backend;
    private final Set<CollectiveTask> underWay = ConcurrentHashMap.newKeySet();
    private final ExecutorService turns = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("process-group").factory());
    private final CompletableFuture<Boolean> freed = new CompletableFuture<>();

    /** Why none can begin any more. */
    private volatile @Nullable String ended;

    /** Whether those under way are not to be waited for either. */
    private volatile boolean lost;

    private boolean closed;

    CollectiveQueue(boolean gpu, Rendezvous place, TCPStore store, Backend backend) {
        this.gpu = gpu;
        this.place = place;
        this.store = store;
        this.backend = backend;
    }

    /**
     * Begins an operation, or sees to it that it will be.
     *
     * @param tensors that it works on, each with a reference for the queue
     */
    CollectiveTask begin(CollectiveCall call, Duration limit, List<Tensor> tensors, Supplier<List<Work>> start) {
        CollectiveTask task = new CollectiveTask(call, limit, tensors);
        boolean here = true;
        try {
            synchronized (this) {
                if (closed) {
                    throw new IllegalStateException(call + ": the process group has been closed");
                }
                goOn(call);
                underWay.add(task);
                if (!gpu) {
                    here = false;
                    turns.execute(() -> start(task, start));
                }
            }
            if (gpu) {
                task.begun(start.get());
            }
        } catch (RuntimeException e) {
            task.fail(e);
            throw e;
        } finally {
            if (here) {
                task.letGoOfTensors();
            }
        }
        return task;
    }

    private void start(CollectiveTask task, Supplier<List<Work>> start) {
        try {
            NativeCall.run(
                    "begin",
                    () -> {
                        goOn(task.call());
                        agree(task);
                        task.begun(start.get());
                    },
                    task.call(),
                    place);
        } catch (RuntimeException | Error e) {
            task.fail(e);
        } finally {
            task.letGoOfTensors();
        }
    }

    private void goOn(CollectiveCall call) {
        String reason = ended;
        if (reason != null) {
            throw new EngineException(call + ": " + reason);
        }
    }

    /** Returns if all members are about to do the same. */
    private void agree(CollectiveTask task) {
        if (place.worldSize() == 1) {
            return;
        }
        try {
            AllgatherOptions options = new AllgatherOptions();
            options.timeout(new Milliseconds(task.limit().toMillis()));
            Tensor all = torch.tensor(new long[place.worldSize() * CollectiveCall.WORDS]);
            Work work = backend._allgather_base(all, torch.tensor(task.call().words()), options);
            waitFor(task, work::isCompleted);
            work._wait(new Milliseconds(task.limit().toMillis()));
            long[] words = new long[place.worldSize() * CollectiveCall.WORDS];
            MemorySegment.copy(RawData.segment(all), ValueLayout.JAVA_LONG, 0, words, 0, words.length);
            String differences = CollectiveCall.differences(words);
            if (!differences.isEmpty()) {
                // What all members agreed on before goes on.
                String reason = "the members of the group called different operations: " + differences;
                end("an operation of the group failed before: " + reason, false);
                throw new EngineException(reason);
            }
        } catch (RuntimeException e) {
            task.fail(e); // before others learn of it, so that whoever waits for this one is told why
            end("an operation of the group failed before: " + e.getMessage(), ended == null);
            throw e;
        }
    }

    /** Returns when the operation is done; any number of times. */
    void await(CollectiveTask task) {
        try {
            if (gpu) {
                task.waitInBackend();
            } else {
                waitFor(task, task::poll);
            }
        } catch (RuntimeException e) {
            task.fail(e);
            throw e;
        } finally {
            // What goes on all the same keeps its connections until the group is freed.
            if (task.settled() && underWay.remove(task)) {
                task.release();
            }
        }
    }

    /**
     * On processors libtorch can give up no operation that is under way, as one with a member that is frozen or cut off: here the
     * waiting is given up, the operation itself ends with its time limit.
     */
    private void waitFor(CollectiveTask task, BooleanSupplier done) {
        long begin = System.nanoTime();
        while (!done.getAsBoolean()) {
            if (lost && !done.getAsBoolean()) {
                goOn(task.call());
            }
            long waited = System.nanoTime() - begin;
            if (waited > task.limit().toNanos()) {
                String reason = "no answer from the group within " + task.limit();
                end("an operation of the group failed before: " + reason, true);
                throw new EngineException(task.call() + ": " + reason);
            }
            LockSupport.parkNanos(Math.clamp(waited / 16, 5_000, 500_000));
        }
    }

    private synchronized void end(String reason, boolean loses) {
        if (ended == null) {
            ended = reason;
        }
        lost |= loses;
    }

    synchronized void abort() {
        end("the group was given up", true);
        if (gpu && !closed) {
            NativeCall.run("abort", backend::abort, place);
        }
    }

    void close() {
        boolean quiet;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            quiet = gpu || ended == null && underWay.stream().allMatch(CollectiveTask::settled);
            end("the group was closed", true);
            turns.execute(this::free);
            turns.shutdown();
        }
        // Freeing waits for operations under way, which may take until their time limit.
        (quiet ? freed : freed.copy().completeOnTimeout(false, CLOSING_MILLIS, TimeUnit.MILLISECONDS)).join();
    }

    /**
     * The store comes last: it is deleted whoever else still counts on it, and an operation holds on to its connections, which hold on
     * to the store. One that outlived it would write into freed memory.
     */
    private void free() {
        for (CollectiveTask task : underWay) {
            task.fail(new EngineException(task.call() + ": the group was closed"));
            task.release();
        }
        for (Pointer pointer : new Pointer[] {backend, store}) {
            pointer.releaseReference();
        }
        freed.complete(true);
    }
}
