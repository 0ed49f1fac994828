package dev.athanor.tokenizers.packing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Examples for next sentence prediction as BERT has them (Devlin et al. 2019, create_pretraining_data): a stretch of sentences, and
 * either the stretch that follows it or, half of the time, one from another document. What an example is depends on the seed and
 * the document's number only, so that any number of workers make the same ones.
 */
public final class SentencePairs {

    /** Two stretches of token ids, and whether the second follows the first in its document. */
    public record Pair(int[] first, int[] second, boolean isNext) {}

    private final List<List<int[]>> documents;
    private final int maxTokens;
    private final long seed;

    /**
     * @param documents the sentences of each document, as token ids; at least two documents
     * @param maxTokens most tokens of a pair, special tokens not included
     */
    public SentencePairs(List<List<int[]>> documents, int maxTokens, long seed) {
        if (documents.size() < 2) {
            throw new IllegalArgumentException("documents: " + documents.size() + ", expected 2 or more");
        }
        if (maxTokens < 2) {
            throw new IllegalArgumentException("maxTokens: " + maxTokens + ", expected 2 or more");
        }
        this.documents = documents;
        this.maxTokens = maxTokens;
        this.seed = seed;
    }

    /** The examples that begin in a document. */
    public List<Pair> of(int document) {
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + document);
        List<int[]> sentences = documents.get(document);
        List<Pair> pairs = new ArrayList<>();
        for (int start = 0; start < sentences.size(); ) {
            int end = start;
            for (int length = 0; end < sentences.size() && length < maxTokens; end++) {
                length += sentences.get(end).length;
            }
            int cut = end - start < 2 ? end : start + 1 + random.nextInt(end - start - 1);
            int[] first = joined(sentences, start, cut);
            boolean isNext = cut < end && random.nextBoolean();
            int[] second = isNext ? joined(sentences, cut, end) : elsewhere(document, maxTokens - first.length, random);
            if (first.length > 0 && second.length > 0) {
                pairs.add(cutToFit(first, second, isNext, random));
            }
            // Sentences that a stranger took the place of are used again.
            start = isNext ? end : cut;
        }
        return pairs;
    }

    private int[] elsewhere(int document, int wanted, SplittableRandom random) {
        int other = random.nextInt(documents.size() - 1);
        List<int[]> sentences = documents.get(other >= document ? other + 1 : other);
        if (sentences.isEmpty()) {
            return new int[0];
        }
        int start = random.nextInt(sentences.size());
        int end = start;
        for (int length = 0; end < sentences.size() && length < Math.max(wanted, 1); end++) {
            length += sentences.get(end).length;
        }
        return joined(sentences, start, end);
    }

    /** Takes tokens off the longer side, at its front or its end by chance. */
    private Pair cutToFit(int[] first, int[] second, boolean isNext, SplittableRandom random) {
        int[][] sides = {first, second};
        int[] from = {0, 0};
        int[] to = {first.length, second.length};
        while (to[0] - from[0] + to[1] - from[1] > maxTokens) {
            int longer = to[0] - from[0] > to[1] - from[1] ? 0 : 1;
            if (random.nextBoolean()) {
                from[longer]++;
            } else {
                to[longer]--;
            }
        }
        return new Pair(
                Arrays.copyOfRange(sides[0], from[0], to[0]), Arrays.copyOfRange(sides[1], from[1], to[1]), isNext);
    }

    private static int[] joined(List<int[]> sentences, int from, int to) {
        return sentences.subList(from, to).stream().flatMapToInt(Arrays::stream).toArray();
    }
}
