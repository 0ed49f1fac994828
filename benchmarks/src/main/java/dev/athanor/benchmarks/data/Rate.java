package dev.athanor.benchmarks.data;

import java.lang.management.ManagementFactory;
import java.util.Arrays;

/** What is done in a second of this thread's CPU time: the median of some rounds after a warm-up. */
final class Rate {

    private static final int WARM_UP = 4;
    private static final int ROUNDS = 5;

    private Rate() {}

    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    static double megabytesASecond(long bytes, Work work) throws Exception {
        return aSecond(bytes / 1e6, work);
    }

    static double aSecond(double amount, Work work) throws Exception {
        var threads = ManagementFactory.getThreadMXBean();
        for (int i = 0; i < WARM_UP; i++) {
            work.run();
        }
        var rates = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            long start = threads.getCurrentThreadCpuTime();
            work.run();
            rates[i] = amount / ((threads.getCurrentThreadCpuTime() - start) / 1e9);
        }
        Arrays.sort(rates);
        return rates[ROUNDS / 2];
    }
}
