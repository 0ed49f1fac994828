package dev.athanor.benchmarks.tokenizers;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** Best of several runs after a warm-up, by the wall clock. */
final class Stopwatch {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Something to measure, told which thread it runs on. */
    interface Task {
        void run(int thread) throws Exception;
    }

    private Stopwatch() {}

    /** Seconds of the fastest run with so many threads doing the same at once. */
    static double seconds(int threads, int runs, Task task) throws Exception {
        double best = Double.MAX_VALUE;
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (int run = 0; run < runs; run++) {
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
                best = Math.min(best, slowest / 1e9);
            }
        }
        return best;
    }

    /** Bytes that one run allocates on this thread. */
    static long allocated(Task task) throws Exception {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        task.run(0);
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
