package dev.athanor.benchmarks.tokenizers;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Best of several runs after a warm-up, by the wall clock. */
final class Stopwatch {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Something to measure, told which thread it runs on. */
    interface Task {
        void run(int thread) throws Exception;
    }

    private static final int ARITHMETIC_PARTS = 64;

    private Stopwatch() {}

    /** Seconds of the fastest run with so many threads doing the same at once. */
    static double seconds(int threads, int runs, Task task) throws Exception {
        double best = Double.MAX_VALUE;
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (int run = 0; run < runs; run++) {
                best = Math.min(best, seconds(pool, threads, task));
            }
        }
        return best;
    }

    /** Seconds that the slowest of so many threads takes. */
    private static double seconds(ExecutorService pool, int threads, Task task) throws Exception {
        CyclicBarrier start = new CyclicBarrier(threads);
        List<Future<Long>> futures = IntStream.range(0, threads)
                .mapToObj(t -> pool.submit(() -> {
                    start.await();
                    long from = System.nanoTime();
                    task.run(t);
                    return System.nanoTime() - from;
                }))
                .toList();
        long slowest = 0;
        for (Future<Long> future : futures) {
            slowest = Math.max(slowest, future.get());
        }
        return slowest / 1e9;
    }

    /**
     * How fast one thread is, and two together, each in units of work a second.
     *
     * @param machine how much faster two threads were than one, meanwhile, at arithmetic that shares nothing, not even memory: what the
     *     machine had to give
     */
    record Rates(double one, double two, double machine) {

        /** How much faster two are than one. */
        double factor() {
            return two / one;
        }
    }

    /** A part of some work, done with what the thread keeps between parts. */
    interface Part<T> {
        void run(T kept, int part) throws Exception;
    }

    /**
     * Rates of work that is made of parts, whose end gives no thread an advantage: each takes the next part that nobody has taken. One
     * thread and two take turns, run after run, so that both see the same moods of the machine, and the best run of each counts.
     *
     * @param parts how many parts are the unit of work; two threads do each of them twice
     * @param kept makes what each thread keeps
     */
    static <T> Rates oneAndTwo(int runs, int parts, Supplier<T> kept, Part<T> part) throws Exception {
        double[] work = {0, 0, 0};
        double[] arithmetic = {0, 0, 0};
        try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
            List<T> own =
                    List.of(pool.submit(kept::get).get(), pool.submit(kept::get).get());
            for (int run = 0; run < runs; run++) {
                for (int threads = 1; threads <= 2; threads++) {
                    double rate = rate(pool, threads, parts, (thread, p) -> part.run(own.get(thread), p));
                    work[threads] = Math.max(work[threads], rate);
                    double calm = rate(pool, threads, ARITHMETIC_PARTS, (thread, p) -> arithmetic(p));
                    arithmetic[threads] = Math.max(arithmetic[threads], calm);
                }
            }
        }
        return new Rates(work[1], work[2], arithmetic[2] / arithmetic[1]);
    }

    private static double rate(ExecutorService pool, int threads, int parts, Part<Integer> part) throws Exception {
        int all = threads * parts;
        AtomicInteger next = new AtomicInteger();
        double seconds = seconds(pool, threads, thread -> {
            for (int p = next.getAndIncrement(); p < all; p = next.getAndIncrement()) {
                part.run(thread, p % parts);
            }
        });
        return threads / seconds;
    }

    /** A chain of shifts in registers. */
    private static void arithmetic(int seed) {
        long x = seed + 1;
        for (int i = 0; i < 500_000; i++) {
            x ^= x << 13;
            x ^= x >>> 7;
            x ^= x << 17;
        }
        if (x == 0) {
            throw new AssertionError("xorshift never comes to 0");
        }
    }

    /** Bytes that one run allocates on this thread. */
    static long allocated(Task task) throws Exception {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        task.run(0);
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
