package dev.athanor.contracts.spec;

import dev.athanor.contracts.error.Checks;

/**
 * {@code evaluation.perplexity}: a language model on the held-out part of token shards.
 *
 * @param maxTokens at most this many tokens are scored, from the start; 0 = all
 */
public record PerplexitySpec(long maxTokens, int batchSize) {

    public static final PerplexitySpec DEFAULTS = new PerplexitySpec(200_000, 16);

    public PerplexitySpec {
        Checks.range("maxTokens", maxTokens, 0, Long.MAX_VALUE);
        Checks.range("batchSize", batchSize, 1, 65_536);
    }
}
