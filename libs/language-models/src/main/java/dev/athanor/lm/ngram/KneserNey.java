package dev.athanor.lm.ngram;

import dev.athanor.lm.Perplexity;
import dev.athanor.lm.data.TokenStream;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An n-gram language model over token ids with modified interpolated Kneser-Ney smoothing (Chen and Goodman 1999): the baseline that
 * neural models are reported against. Lower orders count the different tokens before an n-gram instead of its occurrences; the three
 * discounts of each order follow from its counts of counts; below the unigrams lies the uniform distribution.
 *
 * <p>Held in memory: about 100 bytes a different n-gram.
 */
public final class KneserNey {

    private static final int CHUNK = 1 << 14;

    private final int order;
    private final int vocabularySize;
    /** By order - 1: the tables of contexts. */
    private final Map<Ngram, Context>[] contexts;

    private final double[][] discounts;

    /** A run of ids, compared by content. */
    private record Ngram(int hash, int[] ids) {
        static Ngram of(int[] ids, int from, int length) {
            var part = new int[length];
            System.arraycopy(ids, from, part, 0, length);
            return new Ngram(java.util.Arrays.hashCode(part), part);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Ngram ngram && java.util.Arrays.equals(ids, ngram.ids);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    /** What was seen after a context: counts by token, their sum, and how many tokens have count 1, 2, and more. */
    private static final class Context {
        final Map<Integer, Integer> counts = new HashMap<>();
        long total;
        final int[] byCount = new int[3];

        int increment(int token) {
            return counts.merge(token, 1, Integer::sum);
        }

        void finish() {
            counts.values().forEach(count -> {
                total += count;
                byCount[Math.min(count, 3) - 1]++;
            });
        }
    }

    /**
     * Counts a stream.
     *
     * @param order n, at least 1
     */
    @SuppressWarnings({"unchecked", "rawtypes"})
    public KneserNey(TokenStream tokens, int vocabularySize, int order) {
        if (order < 1 || order > 10) {
            throw new IllegalArgumentException("order is " + order + ", expected 1 to 10");
        }
        if (tokens.size() < order) {
            throw new IllegalArgumentException(
                    "the stream has " + tokens.size() + " tokens, expected at least " + order);
        }
        this.order = order;
        this.vocabularySize = vocabularySize;
        contexts = new Map[order];
        for (int n = 0; n < order; n++) {
            contexts[n] = new HashMap<>();
        }
        count(tokens);
        discounts = new double[order][];
        for (int n = 0; n < order; n++) {
            contexts[n].values().forEach(Context::finish);
            discounts[n] = discounts(contexts[n]);
        }
    }

    private void count(TokenStream tokens) {
        var window = new int[order];
        var chunk = new long[CHUNK];
        for (long from = 0; from < tokens.size(); from += CHUNK) {
            int size = (int) Math.min(CHUNK, tokens.size() - from);
            tokens.read(from, size, chunk, 0);
            for (int i = 0; i < size; i++) {
                System.arraycopy(window, 1, window, 0, order - 1);
                window[order - 1] = (int) chunk[i];
                add(window, (int) Math.min(order, from + i + 1));
            }
        }
    }

    /** An n-gram seen for the first time counts once for the n-gram without its first token, and so on. */
    private void add(int[] window, int length) {
        for (int n = length; n >= 1; n--) {
            Context context = contexts[n - 1].computeIfAbsent(Ngram.of(window, order - n, n - 1), key -> new Context());
            int count = context.increment(window[order - 1]);
            if (count > 1) {
                return;
            }
        }
    }

    /** D1, D2, D3+ from the numbers of n-grams with counts 1 to 4; 0.5, 1, 1.5 where too few were seen to tell. */
    private static double[] discounts(Map<Ngram, Context> contexts) {
        var n = new long[5];
        contexts.values()
                .forEach(c -> c.counts.values().forEach(count -> {
                    if (count <= 4) {
                        n[count]++;
                    }
                }));
        if (n[1] == 0 || n[2] == 0 || n[3] == 0) {
            return new double[] {0.5, 1, 1.5};
        }
        double y = n[1] / (n[1] + 2.0 * n[2]);
        return new double[] {
            Math.clamp(1 - 2 * y * n[2] / n[1], 0.05, 1),
            Math.clamp(2 - 3 * y * n[3] / n[2], 0.05, 2),
            Math.clamp(3 - 4 * y * n[4] / n[3], 0.05, 3)
        };
    }

    /**
     * Probability of a token after others; over all tokens it sums to 1.
     *
     * @param ids what stands before, of which the last order-1 count
     * @param length how many of them
     */
    public double probability(int[] ids, int length, int token) {
        double p = 1.0 / vocabularySize;
        for (int n = 1; n <= Math.min(order, length + 1); n++) {
            Context context = contexts[n - 1].get(Ngram.of(ids, length - (n - 1), n - 1));
            if (context == null) {
                break;
            }
            double[] d = discounts[n - 1];
            int count = context.counts.getOrDefault(token, 0);
            double kept = count == 0 ? 0 : Math.max(0, count - d[Math.min(count, 3) - 1]);
            double freed = d[0] * context.byCount[0] + d[1] * context.byCount[1] + d[2] * context.byCount[2];
            p = (kept + freed * p) / context.total;
        }
        return p;
    }

    /**
     * Scores a stream: every token but the first, from the tokens before it.
     *
     * @param maxTokens stop after this many; 0 = all
     * @param bytesOfToken text bytes of each token id; null = not known
     */
    public Perplexity perplexity(TokenStream tokens, long maxTokens, int @Nullable [] bytesOfToken) {
        long scored = maxTokens > 0 ? Math.min(maxTokens, tokens.size() - 1) : tokens.size() - 1;
        if (scored < 1) {
            throw new IllegalArgumentException("perplexity needs at least 2 tokens, got " + tokens.size());
        }
        double nats = 0;
        long bytes = 0;
        var window = new int[order];
        var chunk = new long[CHUNK];
        for (long from = 0; from <= scored; from += CHUNK) {
            int size = (int) Math.min(CHUNK, scored + 1 - from);
            tokens.read(from, size, chunk, 0);
            for (int i = 0; i < size; i++) {
                int token = (int) chunk[i];
                long at = from + i;
                if (at > 0) {
                    int known = (int) Math.min(order, at);
                    var before = new int[known];
                    System.arraycopy(window, order - known, before, 0, known);
                    nats -= Math.log(probability(before, known, token));
                    bytes += bytesOfToken == null ? 0 : bytesOfToken[token];
                }
                System.arraycopy(window, 1, window, 0, order - 1);
                window[order - 1] = token;
            }
        }
        return new Perplexity(nats, scored, bytes);
    }

    /** Different n-grams of the highest order. */
    public long ngrams() {
        return contexts[order - 1].values().stream()
                .mapToLong(c -> c.counts.size())
                .sum();
    }
}
