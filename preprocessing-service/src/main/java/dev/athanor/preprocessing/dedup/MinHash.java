package dev.athanor.preprocessing.dedup;

import dev.athanor.contracts.spec.MinHashSpec;
import dev.athanor.preprocessing.words.HashedWords;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * MinHash signatures of the sets of a text's word n-grams, and their bands. Words are runs of letters and digits in lower
 * case. Not for several threads.
 */
public final class MinHash {

    private final int ngram;
    private final int bands;
    private final int rows;
    private final int groupings;
    /** One affine function of 32-bit numbers for each hash; the multipliers are odd, so that each is a permutation. */
    private final int[] multipliers;

    private final int[] offsets;
    private final int[] minima;
    private final HashedWords words = new HashedWords();

    public MinHash(MinHashSpec spec) {
        ngram = spec.ngram();
        bands = spec.bands();
        rows = spec.rows();
        groupings = spec.groupings();
        // Fixed: signatures of different corpus versions must be comparable.
        var random = new SplittableRandom(1);
        multipliers = new int[bands * rows];
        offsets = new int[bands * rows];
        for (int i = 0; i < multipliers.length; i++) {
            multipliers[i] = random.nextInt() | 1;
            offsets[i] = random.nextInt();
        }
        minima = new int[bands * rows];
    }

    /** One hash for each band of each grouping; none for a text without words. */
    public Fingerprint[] bands(String text) {
        int count = words.read(text);
        if (count == 0) {
            return new Fingerprint[0];
        }
        sign(count);
        var result = new Fingerprint[groupings * bands];
        for (int band = 0; band < bands; band++) {
            result[band] = band(band, band * rows, 1);
            if (groupings == 2) {
                result[bands + band] = band(bands + band, band, bands);
            }
        }
        return result;
    }

    private Fingerprint band(int number, int firstRow, int step) {
        long high = number;
        long low = ~number;
        for (int row = 0; row < rows; row++) {
            int minimum = minima[firstRow + row * step];
            high = HashedWords.mix(high ^ minimum);
            low = HashedWords.mix(low + minimum);
        }
        return new Fingerprint(high, low);
    }

    /** The signature itself: the minimum of each hash over the n-grams of the text. */
    int[] signature(String text) {
        sign(words.read(text));
        return minima.clone();
    }

    private void sign(int count) {
        Arrays.fill(minima, Integer.MAX_VALUE);
        // A text shorter than an n-gram is one.
        words.ngrams(Math.min(ngram, count), (first, hash) -> lower((int) (hash >>> 32)));
    }

    /** A plain loop over ints, which the compiler turns into vector instructions. */
    private void lower(int shingle) {
        int[] least = minima;
        int[] a = multipliers;
        int[] b = offsets;
        for (int i = 0; i < least.length; i++) {
            least[i] = Math.min(least[i], a[i] * shingle + b[i]);
        }
    }
}
