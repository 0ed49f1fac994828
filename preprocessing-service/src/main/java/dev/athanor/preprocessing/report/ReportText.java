package dev.athanor.preprocessing.report;

import java.util.SortedMap;

/** {@code report.md}: the numbers that matter most, as tables. */
final class ReportText {

    private ReportText() {}

    static String of(CorpusReport report) {
        var out = new StringBuilder("# Corpus report\n\nCorpus `" + report.corpus() + "`\n");
        table(out, "Volume", report.table("volume"));
        table(out, "Characters by source", report.table("sources.characters"));
        table(out, "Characters by licence", report.table("licences.characters"));
        table(out, "Characters by language", report.table("languages.characters"));
        table(out, "Documents dropped, by reason", ReportPage.under(report.cleaning(), "documents.dropped."));
        table(out, "Personal data redacted, by kind", ReportPage.under(report.cleaning(), "pii."));
        table(out, "Personal data left, by kind", report.table("pii"));
        table(out, "Terms for groups of people", report.table("terms"));
        return out.toString();
    }

    private static void table(StringBuilder out, String title, SortedMap<String, Long> rows) {
        out.append("\n## ").append(title).append("\n\n");
        if (rows.isEmpty()) {
            out.append("None.\n");
            return;
        }
        out.append("| | |\n|---|---:|\n");
        rows.forEach((name, count) -> out.append("| ")
                .append(ReportPage.escape(name).replace("|", "&#124;").replace('\n', ' '))
                .append(" | ")
                .append(count)
                .append(" |\n"));
    }
}
