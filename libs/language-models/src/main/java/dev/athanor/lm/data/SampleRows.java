package dev.athanor.lm.data;

/** Rows to train on or to be scored by; which rows a step takes, and what is hidden in them, is a pure function of (seed, step). */
public interface SampleRows {

    /** T, tokens a row. */
    int length();

    /** Rows an epoch. */
    long count();

    /** The rows of an optimizer step. */
    TokenBatch shuffled(long step, int rows);

    /** Rows {@code first …} in their own order, alike each time. */
    TokenBatch inOrder(long first, int rows);

    /** What tells these rows from others. */
    String fingerprint();
}
