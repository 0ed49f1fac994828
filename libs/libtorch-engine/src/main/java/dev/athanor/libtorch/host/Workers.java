package dev.athanor.libtorch.host;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Threads for parts of a few microseconds. The caller works too, and parts are taken one by one, so that a thread the system has put
 * aside holds up no more than one of them.
 */
public final class Workers {

    private static final int LOOKS = 20_000;

    private static final class Awake {
        static final Workers SHARED = new Workers(Runtime.getRuntime().availableProcessors(), LOOKS);
    }

    private static final Workers ALONE = new Workers(1, 0);

    private static final class Sleeping {
        static final Workers SHARED = new Workers(Runtime.getRuntime().availableProcessors(), 0);
    }

    private final int looks;
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
            for (int looked = 0; ; looked++) {
                Job now = job;
                if (now != null && now != last) {
                    return now;
                }
                if (looked < looks) {
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

    /** @param looks how often a thread without work looks for some before it sleeps */
    public Workers(int threads, int looks) {
        this.looks = looks;
        helpers = new Helper[Math.max(0, threads - 1)];
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] = new Helper(i + 1);
            helpers[i].thread.start();
        }
    }

    /** For loops that follow each other closely: the threads look for work for a moment before they sleep. One set a process. */
    public static Workers awake() {
        return Awake.SHARED;
    }

    /** For loops between work of others' threads, whose cores must be left to them at once. One set a process. */
    public static Workers sleeping() {
        return Sleeping.SHARED;
    }

    /** The caller does all the work. */
    public static Workers alone() {
        return ALONE;
    }

    /** Those that work on a loop, the caller included. */
    public int threads() {
        return helpers.length + 1;
    }

    /** Runs the parts 0 … parts-1, in any order and on any thread, and returns when all are done. */
    public void run(int parts, IntConsumer part) {
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
            for (int looked = 0; mine.done.get() < parts; looked++) {
                if (looked < LOOKS) {
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
