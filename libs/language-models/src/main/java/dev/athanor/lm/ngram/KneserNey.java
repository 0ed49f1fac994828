package dev.athanor.lm.ngram;

import dev.athanor.lm.Perplexity;
import dev.athanor.lm.data.TokenStream;
import org.jspecify.annotations.Nullable;

/**
 * An n-gram language model over token ids with modified interpolated Kneser-Ney smoothing (Chen and Goodman 1999): the baseline that
 * neural models are reported against. Lower orders count the different tokens before an n-gram instead of its occurrences; the three
 * discounts of each order follow from its counts of counts; below the unigrams lies the uniform distribution.
 *
 * <p>Held in memory: about 36 bytes a different n-gram of each length up to n.
 */
public final class KneserNey {

    private static final int CHUNK = 1 << 14;

    private final int order;
    private final int vocabularySize;
    /** By length - 1. */
    private final NgramTable[] tables;

    private final double[][] discounts;
    private final long counted;

    /**
     * Counts a stream.
     *
     * @param order n, at least 1
     * @param maxTokens count at most this many, from the start; 0 = all
     */
    public KneserNey(TokenStream tokens, int vocabularySize, int order, long maxTokens) {
        if (order < 1 || order > 10) {
            throw new IllegalArgumentException("order is " + order + ", expected 1 to 10");
        }
        if (tokens.size() < order) {
            throw new IllegalArgumentException(
                    "the stream has " + tokens.size() + " tokens, expected at least " + order);
        }
        counted = maxTokens > 0 ? Math.min(maxTokens, tokens.size()) : tokens.size();
        if (counted > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "the stream has " + counted + " tokens, expected at most " + Integer.MAX_VALUE);
        }
        this.order = order;
        this.vocabularySize = vocabularySize;
        tables = new NgramTable[order];
        for (int n = 0; n < order; n++) {
            tables[n] = new NgramTable();
        }
        count(tokens);
        discounts = new double[order][];
        for (int n = 0; n < order; n++) {
            tables[n].finish(n == 0 ? 1 : tables[n - 1].size());
            discounts[n] = discounts(tables[n]);
        }
    }

    private void count(TokenStream tokens) {
        // Entries of the n-grams that end at the token before, by length; the empty one is 0.
        var before = new int[order];
        var chunk = new long[CHUNK];
        for (long from = 0; from < counted; from += CHUNK) {
            int size = (int) Math.min(CHUNK, counted - from);
            tokens.read(from, size, chunk, 0);
            for (int i = 0; i < size; i++) {
                add(before, (int) chunk[i], (int) Math.min(order, from + i + 1));
            }
        }
    }

    /** An n-gram seen for the first time counts once for the n-gram without its first token, and so on. */
    private void add(int[] before, int token, int length) {
        boolean counts = true;
        for (int n = length; n >= 1; n--) {
            int entry = tables[n - 1].findOrAdd(before[n - 1], token);
            if (counts) {
                counts = tables[n - 1].increment(entry) == 1;
            }
            if (n < order) {
                before[n] = entry;
            }
        }
    }

    /** D1, D2, D3+ from the numbers of n-grams with counts 1 to 4; 0.5, 1, 1.5 where too few were seen to tell. */
    private static double[] discounts(NgramTable table) {
        var n = new long[5];
        for (int entry = 0; entry < table.size(); entry++) {
            if (table.count(entry) <= 4) {
                n[table.count(entry)]++;
            }
        }
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
            int context = entry(ids, length - (n - 1), n - 1);
            NgramTable table = tables[n - 1];
            if (context < 0 || table.total(context) == 0) {
                break;
            }
            double[] d = discounts[n - 1];
            int entry = table.find(context, token);
            int count = entry < 0 ? 0 : table.count(entry);
            double kept = count == 0 ? 0 : Math.max(0, count - d[Math.min(count, 3) - 1]);
            p = (kept + table.freed(context, d) * p) / table.total(context);
        }
        return p;
    }

    /** The entry of a run of ids in the table of their number, or -1; 0 for the empty run. */
    private int entry(int[] ids, int from, int length) {
        int entry = 0;
        for (int i = 0; i < length && entry >= 0; i++) {
            entry = tables[i].find(entry, ids[from + i]);
        }
        return entry;
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

    /** Tokens that were counted. */
    public long tokens() {
        return counted;
    }

    /** Different n-grams of the highest order. */
    public long ngrams() {
        return tables[order - 1].size();
    }
}
