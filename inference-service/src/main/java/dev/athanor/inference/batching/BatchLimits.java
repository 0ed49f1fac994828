package dev.athanor.inference.batching;

import dev.athanor.contracts.error.Checks;
import java.time.Duration;

/**
 * Bounds of a {@link MicroBatcher}.
 *
 * @param maxBatch at most this many sequences in a batch
 * @param maxTokens at most this many tokens in a batch, padding included; one longer sequence is a batch of its own
 * @param maxDelay how long the first sequence of a batch may wait for others
 * @param maxQueue at most this many sequences wait; more are refused
 */
public record BatchLimits(int maxBatch, int maxTokens, Duration maxDelay, int maxQueue) {

    public static final BatchLimits DEFAULTS = new BatchLimits(64, 8192, Duration.ofMillis(2), 2048);

    public BatchLimits {
        Checks.range("maxBatch", maxBatch, 1, 65_536);
        Checks.range("maxTokens", maxTokens, 1, 1 << 24);
        Checks.that(!maxDelay.isNegative(), "maxDelay", maxDelay, "a duration of 0 or more");
        Checks.range("maxQueue", maxQueue, 1, 1 << 20);
    }
}
