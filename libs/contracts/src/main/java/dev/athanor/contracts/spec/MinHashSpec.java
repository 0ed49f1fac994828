package dev.athanor.contracts.spec;

import dev.athanor.contracts.error.Checks;

/**
 * MinHash with locality-sensitive hashing (Broder 1997; Leskovec et al., Mining of Massive Datasets, ch. 3). Two documents of
 * Jaccard similarity s are found with probability 1 - (1 - s^rows)^bands, and with two groupings of the same hashes with
 * nearly 1 - (1 - s^rows)^(2 bands).
 *
 * @param ngram words in a shingle
 * @param bands groups of hashes; documents that agree in all rows of a band are near-duplicates
 * @param rows hashes in a band
 * @param groupings 1: only runs of rows are bands; 2: also rows at even distances
 */
public record MinHashSpec(int ngram, int bands, int rows, int groupings) {

    public static final MinHashSpec DEFAULTS = new MinHashSpec(5, 14, 8, 2);

    public MinHashSpec {
        Checks.range("ngram", ngram, 1, 100);
        Checks.range("bands", bands, 1, 1_000);
        Checks.range("rows", rows, 1, 100);
        Checks.range("groupings", groupings, 1, 2);
    }
}
