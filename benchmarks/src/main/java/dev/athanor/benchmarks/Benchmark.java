package dev.athanor.benchmarks;

/** One named set of measurements; registered in {@link Main}. */
public interface Benchmark {

    /** The NAME of {@code ./athanor bench NAME}. */
    String name();

    /** What is measured, and against what, in one line. */
    String description();

    /** Measures and prints; leaves out, with a note, what needs data that is not there. */
    void run(Figures figures) throws Exception;
}
