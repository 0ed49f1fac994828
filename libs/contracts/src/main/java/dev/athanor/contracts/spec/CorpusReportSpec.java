package dev.athanor.contracts.spec;

import dev.athanor.contracts.error.Checks;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code preprocessing.report}: what is in a corpus, as {@code report.json} and as a page, {@code report.html}.
 *
 * @param samples documents that are shown, chosen by a hash of their ids
 * @param sampleCharacters of each, at most
 * @param domains how many of the largest domains are listed
 * @param terms group of terms to terms, beside the built-in groups of demographic terms
 */
public record CorpusReportSpec(int samples, int sampleCharacters, int domains, SortedMap<String, List<String>> terms) {

    public static final CorpusReportSpec DEFAULTS = new CorpusReportSpec(20, 500, 50, new TreeMap<>());

    public CorpusReportSpec {
        Checks.range("samples", samples, 0, 1_000);
        Checks.range("sampleCharacters", sampleCharacters, 1, 100_000);
        Checks.range("domains", domains, 1, 10_000);
        Checks.present("terms", terms);
        terms = new TreeMap<>(terms);
        terms.forEach((group, words) -> {
            Checks.notBlank("terms", group);
            Checks.notEmpty("terms." + group, words);
            words.forEach(word -> Checks.notBlank("terms." + group, word));
        });
    }
}
