package dev.athanor.inference.deployment;

import java.util.List;

/** A loaded model that labels texts; safe for many threads. */
public interface ServedModel extends AutoCloseable {

    /**
     * @param deadline in terms of {@link System#nanoTime}
     * @return one prediction a text, in order
     * @throws dev.athanor.contracts.error.AthanorException UNAVAILABLE when overloaded, TIMEOUT past the deadline
     */
    List<Prediction> classify(List<String> texts, long deadline);

    /** Ends after the texts that it has taken in. */
    @Override
    void close();
}
