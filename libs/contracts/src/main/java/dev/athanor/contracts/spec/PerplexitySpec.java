package dev.athanor.contracts.spec;

import dev.athanor.contracts.error.Checks;

/**
 * {@code evaluation.perplexity}: a language model on the held-out part of token shards, beside an n-gram model of their training part.
 *
 * @param maxTokens at most this many tokens are scored, from the start; 0 = all
 * @param baselineOrder n of the n-grams; 0 = no baseline
 * @param baselineTokens at most this many tokens of the training part are counted, from the start; a million take about 60 MB
 */
public record PerplexitySpec(long maxTokens, int batchSize, int baselineOrder, long baselineTokens) {

    public static final PerplexitySpec DEFAULTS = new PerplexitySpec(200_000, 16, 3, 5_000_000);

    public PerplexitySpec {
        Checks.range("maxTokens", maxTokens, 0, Long.MAX_VALUE);
        Checks.range("batchSize", batchSize, 1, 65_536);
        Checks.range("baselineOrder", baselineOrder, 0, 10);
        Checks.range("baselineTokens", baselineTokens, 1, Integer.MAX_VALUE);
    }
}
