package dev.athanor.contracts.spec;

import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.error.Checks;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Documents that hold texts of evaluation sets are dropped. Words are runs of letters and digits in lower case.
 *
 * @param benchmarks none: off
 * @param ngram words in a row that a document and an evaluation text may not share (Brown et al. 2020, appendix C: 13); shorter
 *     evaluation texts must be in the document whole
 * @param minWords evaluation texts of fewer words are not looked for: they are in too many texts by chance
 * @param fuzzyNgram words of the shorter n-grams that find changed copies
 * @param fuzzyOverlap share of an evaluation text's shorter n-grams that a document may not have; 0: exact only
 */
public record DecontaminationSpec(
        List<Benchmark> benchmarks, int ngram, int minWords, int fuzzyNgram, double fuzzyOverlap) {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    public static final DecontaminationSpec DEFAULTS = new DecontaminationSpec(List.of(), 13, 6, 4, 0.7);

    /**
     * An evaluation set.
     *
     * @param name part of a counter's name: {@code contaminated.<name>.exact}
     * @param artifact labelled examples (of which the validation and test splits count) or documents
     */
    public record Benchmark(String name, ArtifactId artifact) {
        public Benchmark {
            Checks.matches("name", name, NAME, "lower-case letters, digits and hyphens, at most 63");
            Checks.present("artifact", artifact);
        }
    }

    public DecontaminationSpec {
        Checks.present("benchmarks", benchmarks);
        benchmarks = List.copyOf(benchmarks);
        Checks.that(
                benchmarks.stream().map(Benchmark::name).distinct().count() == benchmarks.size(),
                "benchmarks",
                benchmarks.stream().map(Benchmark::name).toList(),
                "distinct names");
        Checks.range("ngram", ngram, 1, 1_000);
        Checks.range("minWords", minWords, 1, 1_000);
        Checks.range("fuzzyNgram", fuzzyNgram, 1, 1_000);
        Checks.range("fuzzyOverlap", fuzzyOverlap, 0, 1);
    }
}
