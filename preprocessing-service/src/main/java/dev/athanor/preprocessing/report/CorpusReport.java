package dev.athanor.preprocessing.report;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code report.json}.
 *
 * @param corpus artifact that is reported on
 * @param cleaning counts of the stage that made it: what came in, what was dropped for which reason, personal data that were
 *     redacted, evaluation texts that were found
 * @param tables volume; documents and characters by source, licence, language and domain (the largest); personal data that are
 *     left, by kind; distributions of quality measures in documents; terms for groups of people, and attribute words near them
 */
record CorpusReport(
        String corpus,
        SortedMap<String, Long> cleaning,
        SortedMap<String, SortedMap<String, Long>> tables,
        List<Sample> samples) {

    static CorpusReport of(
            String corpus, SortedMap<String, Long> cleaning, Tally tally, int domains, List<Sample> samples) {
        var tables = new TreeMap<>(tally.tables());
        SortedMap<String, Long> characters = tally.table("domains.characters");
        List<String> largest = characters.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .limit(domains)
                .map(Map.Entry::getKey)
                .toList();
        for (String table : List.of("domains.characters", "domains.documents")) {
            var kept = new TreeMap<String, Long>();
            largest.forEach(domain -> kept.put(domain, tally.get(table, domain)));
            tables.put(table, kept);
        }
        tables.computeIfAbsent("volume", v -> new TreeMap<>()).put("domains", (long) characters.size());
        return new CorpusReport(corpus, cleaning, tables, samples);
    }

    SortedMap<String, Long> table(String name) {
        return tables.getOrDefault(name, new TreeMap<>());
    }
}
