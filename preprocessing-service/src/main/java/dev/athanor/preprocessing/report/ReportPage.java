package dev.athanor.preprocessing.report;

import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * {@code report.html}: one file without scripts or references, charts as inline SVG. Every text of the corpus is escaped, and a
 * policy forbids the page to load or run anything, should one get through.
 */
final class ReportPage {

    private static final int MAX_BARS = 60;
    private static final int LABEL_WIDTH = 260;
    private static final int BAR_WIDTH = 420;
    private static final int ROW_HEIGHT = 20;

    private static final String HEAD = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>Corpus report</title>
            <style>
            body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #222; }
            h2 { margin-top: 2.5rem; border-bottom: 1px solid #ddd; }
            svg { display: block; margin: .5rem 0 1.5rem; max-width: 100%; }
            svg text { font: 12px system-ui, sans-serif; fill: #333; }
            svg rect { fill: #3b6ea5; }
            table { border-collapse: collapse; }
            td, th { padding: .15rem .8rem .15rem 0; text-align: left; }
            td.n { text-align: right; font-variant-numeric: tabular-nums; }
            blockquote { white-space: pre-wrap; background: #f6f6f6; margin: .3rem 0 1.2rem; padding: .6rem 1rem; overflow-wrap: anywhere; }
            code { overflow-wrap: anywhere; }
            </style>
            </head>
            <body>
            """;

    private final StringBuilder out = new StringBuilder(HEAD);

    private ReportPage() {}

    static String of(CorpusReport report) {
        return new ReportPage().render(report);
    }

    private String render(CorpusReport report) {
        out.append("<h1>Corpus report</h1>\n<p><code>")
                .append(escape(report.corpus()))
                .append("</code></p>\n");
        section("Volume", "Volume");
        table(report.table("volume"));
        for (String what : new String[] {"sources", "licences", "languages", "domains"}) {
            section(capitalized(what), "Characters by " + what);
            chart(report.table(what + ".characters"), false);
        }
        section("Duplicates and other dropped documents", "Documents by reason");
        chart(under(report.cleaning(), "documents.dropped."), false);
        section("Evaluation texts", "Documents and texts found, by benchmark");
        chart(under(report.cleaning(), "contaminated."), false);
        section("Personal data", "Redacted, by kind");
        chart(under(report.cleaning(), "pii."), false);
        out.append("<h3>Left in the corpus, by kind</h3>\n");
        chart(report.table("pii"), false);
        out.append("<h2>Quality</h2>\n");
        for (Measure measure : Measure.values()) {
            out.append("<h3>")
                    .append(escape(capitalized(measure.description())))
                    .append("</h3>\n");
            chart(report.table(measure.table()), true);
        }
        section("Terms for groups of people", "Occurrences by group");
        chart(report.table("terms"), false);
        report.tables().keySet().stream()
                .filter(name -> name.startsWith("near."))
                .forEach(name -> {
                    out.append("<h3>Attribute words within ten words of ‘")
                            .append(escape(name.substring("near.".length())))
                            .append("’</h3>\n");
                    chart(report.table(name), false);
                });
        samples(report);
        return out.append("</body>\n</html>\n").toString();
    }

    private void samples(CorpusReport report) {
        out.append("<h2>Samples</h2>\n");
        for (Sample sample : report.samples()) {
            out.append("<p><code>")
                    .append(escape(sample.uri()))
                    .append("</code> · ")
                    .append(escape(sample.source()))
                    .append(" · ")
                    .append(number(sample.characters()))
                    .append(" characters</p>\n<blockquote>")
                    .append(escape(sample.text()))
                    .append("</blockquote>\n");
        }
    }

    private void section(String title, String subtitle) {
        out.append("<h2>").append(escape(title)).append("</h2>\n");
        if (!title.equals(subtitle)) {
            out.append("<h3>").append(escape(subtitle)).append("</h3>\n");
        }
    }

    private void table(SortedMap<String, Long> rows) {
        out.append("<table>\n");
        rows.forEach((name, count) -> out.append("<tr><th>")
                .append(escape(name))
                .append("</th><td class=\"n\">")
                .append(number(count))
                .append("</td></tr>\n"));
        out.append("</table>\n");
    }

    /** Bars, the longest first or in the order of their names, which then begin with a number that is not shown. */
    private void chart(SortedMap<String, Long> rows, boolean byName) {
        if (rows.isEmpty()) {
            out.append("<p>None.</p>\n");
            return;
        }
        long most = rows.values().stream().mapToLong(Long::longValue).max().orElse(1);
        long sum = rows.values().stream().mapToLong(Long::longValue).sum();
        Stream<Map.Entry<String, Long>> bars = rows.entrySet().stream();
        if (!byName) {
            bars = bars.sorted(
                    Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()));
        }
        int height = Math.min(rows.size(), MAX_BARS) * ROW_HEIGHT;
        int width = LABEL_WIDTH + BAR_WIDTH + 160;
        line("<svg width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\">", width, height, width, height);
        int[] row = {0};
        bars.limit(MAX_BARS).forEach(bar -> {
            int y = row[0]++ * ROW_HEIGHT;
            long length = Math.max(1, Math.round((double) bar.getValue() / Math.max(1, most) * BAR_WIDTH));
            String name = byName ? bar.getKey().substring(bar.getKey().indexOf(": ") + 2) : bar.getKey();
            line(
                    "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>",
                    LABEL_WIDTH - 8, y + 14, escape(shortened(name)));
            line("<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>", LABEL_WIDTH, y + 3, length, ROW_HEIGHT - 6);
            line(
                    "<text x=\"%d\" y=\"%d\">%s (%.1f %%)</text>",
                    LABEL_WIDTH + length + 6,
                    y + 14,
                    number(bar.getValue()),
                    100.0 * bar.getValue() / Math.max(1, sum));
        });
        out.append("</svg>\n");
        if (rows.size() > MAX_BARS) {
            out.append("<p>And ").append(number(rows.size() - MAX_BARS)).append(" more.</p>\n");
        }
    }

    private void line(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    static SortedMap<String, Long> under(SortedMap<String, Long> counts, String prefix) {
        var under = new TreeMap<String, Long>();
        counts.forEach((name, count) -> {
            if (name.startsWith(prefix)) {
                under.put(name.substring(prefix.length()), count);
            }
        });
        return under;
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String capitalized(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private static String shortened(String text) {
        return text.codePointCount(0, text.length()) <= 40
                ? text
                : text.substring(0, text.offsetByCodePoints(0, 39)) + "…";
    }

    /** Text as HTML: marks as references, characters that no HTML may hold as U+FFFD. */
    static String escape(String text) {
        var escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> {
                    boolean control = c < 0x20 && c != '\n' && c != '\t' || c >= 0x7F && c < 0xA0;
                    // Marks that turn the direction of the rest of the page around.
                    boolean direction = c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069;
                    boolean half = c >= 0xD800 && c <= 0xDFFF;
                    escaped.appendCodePoint(control || direction || half ? 0xFFFD : c);
                }
            }
        });
        return escaped.toString();
    }
}
