package dev.athanor.inference.batching;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Gathers the sequences of concurrent callers and computes them in batches, on one thread of its own. A batch goes as soon
 * as it is full or its first sequence has waited for the delay; while one is computed the next gathers. What has gathered
 * is sorted by length before it is cut into batches, so that little is padded. The queue is bounded: what does not fit is
 * refused at once rather than served late.
 */
public final class MicroBatcher implements AutoCloseable {

    /** So many batches' worth of waiting sequences are sorted by length together. */
    private static final int WINDOW_BATCHES = 4;

    /** A model: token ids of B sequences, of any lengths, to B rows of probabilities. */
    public interface Model {
        float[][] predict(int[][] sequences);
    }

    private record Pending(int[] tokens, long arrived, long deadline, CompletableFuture<float[]> result) {}

    private final Model model;
    private final BatchLimits limits;
    private final BatchListener listener;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Pending> queue = new ArrayDeque<>();
    private boolean closed;

    public MicroBatcher(String name, Model model, BatchLimits limits, BatchListener listener) {
        this.model = model;
        this.limits = limits;
        this.listener = listener;
        this.thread = Thread.ofPlatform().name("batcher-" + name).daemon().start(this::run);
    }

    /**
     * Hands in all sequences or none; each result comes on its own.
     *
     * @param deadline in terms of {@link System#nanoTime}: a sequence that still waits then fails with TIMEOUT
     * @throws AthanorException UNAVAILABLE where the queue has no room for all of them, or the batcher is closed
     */
    public List<CompletableFuture<float[]>> submit(List<int[]> sequences, long deadline) {
        lock.lock();
        try {
            if (closed) {
                throw new AthanorException(ErrorCode.UNAVAILABLE, "this model is being taken down");
            }
            if (queue.size() + sequences.size() > limits.maxQueue()) {
                throw new AthanorException(
                        ErrorCode.UNAVAILABLE,
                        "too many texts are waiting (" + queue.size() + " of at most " + limits.maxQueue()
                                + "): try again in a moment");
            }
            long now = System.nanoTime();
            List<CompletableFuture<float[]>> results = new ArrayList<>(sequences.size());
            for (int[] tokens : sequences) {
                var result = new CompletableFuture<float[]>();
                queue.add(new Pending(tokens, now, deadline, result));
                results.add(result);
            }
            changed.signal();
            return results;
        } finally {
            lock.unlock();
        }
    }

    /** Number of sequences that wait now. */
    public int waiting() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    /** Refuses further sequences, computes those that wait, and ends the thread. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive() && thread != Thread.currentThread()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        for (List<Pending> window = gather(); !window.isEmpty(); window = gather()) {
            for (List<Pending> batch : cut(window)) {
                compute(batch);
            }
        }
    }

    /** Waits for a first sequence, then for company; empty when closed and nothing waits. */
    private List<Pending> gather() {
        lock.lock();
        try {
            while (queue.isEmpty()) {
                if (closed) {
                    return List.of();
                }
                changed.awaitUninterruptibly();
            }
            long go = queue.element().arrived + limits.maxDelay().toNanos();
            for (long left = go - System.nanoTime(); left > 0 && !closed && !full(); left = go - System.nanoTime()) {
                changed.awaitNanos(left);
            }
            List<Pending> window = new ArrayList<>();
            for (int room = WINDOW_BATCHES * limits.maxBatch(); room > 0 && !queue.isEmpty(); room--) {
                window.add(queue.remove());
            }
            return window;
        } catch (InterruptedException e) {
            // Nobody interrupts this thread on purpose: what waits is computed without further delay.
            return List.of(queue.remove());
        } finally {
            lock.unlock();
        }
    }

    private boolean full() {
        if (queue.size() >= limits.maxBatch()) {
            return true;
        }
        long tokens = 0;
        for (Pending p : queue) {
            tokens += p.tokens.length;
        }
        return tokens >= limits.maxTokens();
    }

    private List<List<Pending>> cut(List<Pending> window) {
        window = new ArrayList<>(window);
        window.sort(Comparator.comparingInt(p -> p.tokens.length));
        List<List<Pending>> batches = new ArrayList<>();
        List<Pending> batch = new ArrayList<>();
        for (Pending p : window) {
            long padded = (long) p.tokens.length * (batch.size() + 1);
            if (!batch.isEmpty() && (batch.size() == limits.maxBatch() || padded > limits.maxTokens())) {
                batches.add(batch);
                batch = new ArrayList<>();
            }
            batch.add(p);
        }
        batches.add(batch);
        return batches;
    }

    private void compute(List<Pending> batch) {
        long begun = System.nanoTime();
        List<Pending> due = new ArrayList<>(batch.size());
        for (Pending p : batch) {
            listener.waited(begun - p.arrived);
            if (begun - p.deadline > 0) {
                p.result.completeExceptionally(
                        new AthanorException(ErrorCode.TIMEOUT, "the model was too busy to answer in time"));
            } else if (!p.result.isDone()) {
                due.add(p);
            }
        }
        if (due.isEmpty()) {
            return;
        }
        try {
            float[][] rows = model.predict(due.stream().map(Pending::tokens).toArray(int[][]::new));
            listener.computed(due.size(), System.nanoTime() - begun);
            for (int i = 0; i < due.size(); i++) {
                due.get(i).result.complete(rows[i]);
            }
        } catch (Throwable e) {
            // An error here would end the thread and leave every caller waiting: it goes to those it concerns.
            due.forEach(p -> p.result.completeExceptionally(e));
        }
    }
}
