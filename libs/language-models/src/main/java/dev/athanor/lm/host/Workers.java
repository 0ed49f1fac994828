package dev.athanor.lm.host;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Threads for parts of a few microseconds: they look for work for a moment before they sleep. The caller works too, and parts are
 * taken one by one, so that a thread the system has put aside holds up no more than one of them.
 */
final class Workers {

    private static final int LOOKS = 20_000;
    private static final Workers SHARED = new Workers(Runtime.getRuntime().availableProcessors());

    private final ReentrantLock turn = new ReentrantLock();
    private final Helper[] helpers;
    private volatile @Nullable Job job;

    private static final class Job {
        final IntConsumer part;
        final int parts;
        final AtomicInteger next = new AtomicInteger();
        final AtomicInteger done = new AtomicInteger();
        final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        Job(int parts, IntConsumer part) {
            this.parts = parts;
            this.part = part;
        }

        void work() {
            for (int i = next.getAndIncrement(); i < parts; i = next.getAndIncrement()) {
                try {
                    part.accept(i);
                } catch (Throwable t) {
                    failure.compareAndSet(null, t);
                } finally {
                    done.incrementAndGet();
                }
            }
        }
    }

    private final class Helper implements Runnable {
        final Thread thread;
        volatile boolean asleep;

        Helper(int number) {
            thread = Thread.ofPlatform().daemon().name("host-kernels-" + number).unstarted(this);
        }

        @Override
        public void run() {
            Job last = null;
            while (true) {
                Job now = await(last);
                now.work();
                last = now;
            }
        }

        private Job await(@Nullable Job last) {
            for (int looks = 0; ; looks++) {
                Job now = job;
                if (now != null && now != last) {
                    return now;
                }
                if (looks < LOOKS) {
                    Thread.onSpinWait();
                } else {
                    asleep = true;
                    if (job == now) {
                        LockSupport.park(this);
                    }
                    asleep = false;
                }
            }
        }
    }

    Workers(int threads) {
        helpers = new Helper[Math.max(0, threads - 1)];
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] = new Helper(i + 1);
            helpers[i].thread.start();
        }
    }

    /** One set of threads for the process. */
    static Workers shared() {
        return SHARED;
    }

    int threads() {
        return helpers.length + 1;
    }

    /** Runs the parts 0 … parts-1, in any order and on any thread, and returns when all are done. */
    void run(int parts, IntConsumer part) {
        // While someone has the helpers already, also this thread further up, the caller does the work by itself.
        if (parts <= 1 || helpers.length == 0 || turn.isHeldByCurrentThread() || !turn.tryLock()) {
            for (int i = 0; i < parts; i++) {
                part.accept(i);
            }
            return;
        }
        try {
            var mine = new Job(parts, part);
            job = mine;
            for (Helper helper : helpers) {
                if (helper.asleep) {
                    LockSupport.unpark(helper.thread);
                }
            }
            mine.work();
            for (int looks = 0; mine.done.get() < parts; looks++) {
                if (looks < LOOKS) {
                    Thread.onSpinWait();
                } else {
                    Thread.yield();
                }
            }
            Throwable failure = mine.failure.get();
            if (failure != null) {
                throw new IllegalStateException("a part of a parallel loop failed", failure);
            }
        } finally {
            turn.unlock();
        }
    }
}
