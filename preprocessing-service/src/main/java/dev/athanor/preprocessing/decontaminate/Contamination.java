package dev.athanor.preprocessing.decontaminate;

import dev.athanor.contracts.spec.DecontaminationSpec;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What was found of one benchmark: the artifact's {@code contamination.json} is a list of these.
 *
 * @param texts evaluation texts in it
 * @param found numbers of those that some document held
 * @param documentsExact documents dropped for an exact finding
 * @param documentsFuzzy documents dropped for fuzzy findings only
 */
public record Contamination(
        String benchmark, long texts, SortedSet<Integer> found, long documentsExact, long documentsFuzzy) {

    public Contamination {
        found = new TreeSet<>(found);
    }

    public static Contamination none(DecontaminationSpec.Benchmark benchmark, long texts) {
        return new Contamination(benchmark.name(), texts, new TreeSet<>(), 0, 0);
    }

    /** With one document's findings, of which some may be of other benchmarks. */
    public Contamination with(int number, List<BenchmarkIndex.Found> document) {
        var mine = document.stream().filter(f -> f.benchmark() == number).toList();
        if (mine.isEmpty()) {
            return this;
        }
        var all = new TreeSet<>(found);
        mine.forEach(f -> all.add(f.text()));
        boolean exact = mine.stream().anyMatch(BenchmarkIndex.Found::exact);
        return new Contamination(
                benchmark, texts, all, documentsExact + (exact ? 1 : 0), documentsFuzzy + (exact ? 0 : 1));
    }

    public Contamination plus(Contamination other) {
        var all = new TreeSet<>(found);
        all.addAll(other.found);
        return new Contamination(
                benchmark, texts, all, documentsExact + other.documentsExact, documentsFuzzy + other.documentsFuzzy);
    }
}
