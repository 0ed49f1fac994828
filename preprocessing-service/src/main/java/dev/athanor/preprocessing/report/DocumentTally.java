package dev.athanor.preprocessing.report;

import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.spec.CorpusReportSpec;
import dev.athanor.preprocessing.pii.PiiFinder;
import dev.athanor.preprocessing.pii.PiiKind;
import dev.athanor.preprocessing.words.Domains;
import dev.athanor.preprocessing.words.TermFinder;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Counts what there is to count in documents. */
final class DocumentTally {

    private final Tally tally = Tally.empty();
    private final PiiFinder pii = new PiiFinder(EnumSet.complementOf(EnumSet.of(PiiKind.NAME)), List.of());
    private final DemographicTerms terms;

    DocumentTally(CorpusReportSpec spec) {
        terms = new DemographicTerms(spec.terms());
    }

    Tally tally() {
        return tally;
    }

    void add(Document document) {
        String text = document.text();
        long characters = text.codePointCount(0, text.length());
        tally.add("volume", "documents", 1);
        tally.add("volume", "characters", characters);
        tally.add("volume", "bytes", text.getBytes(StandardCharsets.UTF_8).length);
        by("sources", document.source(), characters);
        by("licences", document.licence() == null ? "unknown" : document.licence(), characters);
        by("languages", document.language() == null ? "unknown" : document.language(), characters);
        String host = Domains.host(document.uri());
        if (!host.isEmpty()) {
            by("domains", host, characters);
        }
        pii.find(text).forEach(match -> tally.add("pii", match.kind().slug(), 1));
        words(text);
        lines(text);
        letters(text);
    }

    private void by(String table, String row, long characters) {
        tally.add(table + ".documents", row, 1);
        tally.add(table + ".characters", row, characters);
    }

    private void words(String text) {
        DemographicTerms.Reader reader = terms.new Reader(tally);
        Set<String> distinct = new HashSet<>();
        long words = 0;
        long length = 0;
        for (int i = 0; i < text.length(); ) {
            if (!TermFinder.begins(text, i)) {
                i++;
                continue;
            }
            int end = TermFinder.wordEnd(text, i);
            words++;
            length += end - i;
            distinct.add(text.substring(i, end));
            reader.word(text, i, end);
            i = end;
        }
        tally.add("volume", "words", words);
        put(Measure.WORDS, words);
        if (words > 0) {
            put(Measure.WORD_LENGTH, (double) length / words);
            put(Measure.DISTINCT_WORDS, (double) distinct.size() / words);
        }
    }

    private void lines(String text) {
        Set<String> seen = new HashSet<>();
        List<String> lines = text.lines().filter(l -> !l.isBlank()).toList();
        long repeated = lines.stream().filter(l -> !seen.add(l)).count();
        if (!lines.isEmpty()) {
            put(Measure.REPEATED_LINES, (double) repeated / lines.size());
        }
    }

    private void letters(String text) {
        long visible = 0;
        long letters = 0;
        long capitals = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            visible += Character.isWhitespace(c) ? 0 : 1;
            letters += Character.isLetter(c) ? 1 : 0;
            capitals += Character.isUpperCase(c) ? 1 : 0;
        }
        put(Measure.ALPHABETIC, visible == 0 ? 0 : (double) letters / visible);
        put(Measure.UPPER_CASE, letters == 0 ? 0 : (double) capitals / letters);
    }

    private void put(Measure measure, double value) {
        tally.add(measure.table(), measure.row(value), 1);
    }
}
