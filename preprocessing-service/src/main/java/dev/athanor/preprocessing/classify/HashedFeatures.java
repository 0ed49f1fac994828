package dev.athanor.preprocessing.classify;

import dev.athanor.preprocessing.words.HashedWords;
import java.util.Arrays;

/**
 * The hashing trick (Weinberger et al. 2009): word n-grams to places in a vector. Values are binary, scaled to length 1, so
 * texts of all lengths weigh the same. One thread.
 */
final class HashedFeatures {

    private final int buckets;
    private final int ngram;
    private final HashedWords words = new HashedWords();

    HashedFeatures(int buckets, int ngram) {
        this.buckets = buckets;
        this.ngram = ngram;
    }

    /** Places that are set, sorted, each once; the value at each is 1 / sqrt(their number). */
    int[] of(String text) {
        int count = words.read(text);
        var places = new int[Math.max(1, count * ngram)];
        var size = new int[1];
        for (int n = 1; n <= ngram; n++) {
            long salt = n * 0x9E3779B97F4A7C15L;
            words.ngrams(n, (first, hash) -> places[size[0]++] = (int) HashedWords.mix(hash ^ salt) & (buckets - 1));
        }
        Arrays.sort(places, 0, size[0]);
        int distinct = 0;
        for (int i = 0; i < size[0]; i++) {
            if (i == 0 || places[i] != places[i - 1]) {
                places[distinct++] = places[i];
            }
        }
        return Arrays.copyOf(places, distinct);
    }
}
