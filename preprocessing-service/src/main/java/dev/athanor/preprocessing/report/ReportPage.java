package dev.athanor.preprocessing.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * {@code report.html}: one file without scripts or references, charts as inline SVG. Every text of the corpus is escaped, and a
 * policy forbids the page to load or run anything, should one get through.
 */
final class ReportPage {

    private static final Pattern ORDERED = Pattern.compile("^[0-9]+: ");
    private static final int MAX_BARS = 60;
    private static final int LABEL_WIDTH = 260;
    private static final int BAR_WIDTH = 420;
    private static final int ROW_HEIGHT = 20;

    private static final List<String> SECTIONS = List.of(
            "Volume",
            "Sources",
            "Licences",
            "Languages",
            "Domains",
            "Dropped documents",
            "Evaluation texts",
            "Personal data",
            "Quality",
            "Terms for groups of people",
            "Samples");

    private static final String HEAD = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>Corpus report</title>
            <style>
            body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1f2733; background: #fff; }
            h1 { margin-bottom: 0; }
            h2 { margin-top: 2.5rem; border-bottom: 1px solid #d9dee5; padding-bottom: .2rem; }
            h3 { font-size: 1rem; margin: .8rem 0 .2rem; color: #4a5563; }
            nav { margin: 1rem 0; }
            nav a { margin-right: 1rem; white-space: nowrap; color: #2f5d8f; }
            svg { display: block; margin: .3rem 0 1rem; max-width: 100%; height: auto; }
            svg text { font: 12px system-ui, sans-serif; fill: #1f2733; }
            svg rect { fill: #3b6ea5; }
            .tiles { display: flex; flex-wrap: wrap; gap: .8rem; margin: 1rem 0; }
            .tiles div { background: #f3f6fa; border-radius: 6px; padding: .6rem 1rem; min-width: 7rem; }
            .tiles b { display: block; font-size: 1.35rem; font-variant-numeric: tabular-nums; }
            .two { display: grid; grid-template-columns: repeat(auto-fit, minmax(26rem, 1fr)); gap: 0 2rem; }
            blockquote { white-space: pre-wrap; background: #f3f6fa; border-left: 3px solid #3b6ea5; margin: .3rem 0 1.2rem; padding: .6rem 1rem; overflow-wrap: anywhere; }
            code { overflow-wrap: anywhere; }
            @media (prefers-color-scheme: dark) {
            body { color: #dbe2ea; background: #14181d; } svg text { fill: #dbe2ea; } h3 { color: #a9b4c0; } h2 { border-color: #323a44; }
            .tiles div, blockquote { background: #1e242c; } nav a { color: #8ab8e6; } svg rect { fill: #5b8fc7; }
            }
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
                .append("</code></p>\n<nav>");
        SECTIONS.forEach(title -> line("<a href=\"#%s\">%s</a>", anchor(title), escape(title)));
        out.append("</nav>\n");
        section("Volume", "Volume");
        tiles(report);
        for (String what : new String[] {"sources", "licences", "languages", "domains"}) {
            section(capitalized(what), "Characters by " + what);
            chart(report.table(what + ".characters"), false);
        }
        section("Dropped documents", "Documents by reason, duplicates among them");
        chart(under(report.cleaning(), "documents.dropped."), false);
        section("Evaluation texts", "Documents and texts found, by benchmark");
        chart(under(report.cleaning(), "contaminated."), false);
        section("Personal data", "Redacted, by kind");
        chart(under(report.cleaning(), "pii."), false);
        out.append("<h3>Left in the corpus, by kind</h3>\n");
        chart(report.table("pii"), false);
        section("Quality", "Quality");
        out.append("<div class=\"two\">\n");
        for (Measure measure : Measure.values()) {
            out.append("<div><h3>")
                    .append(escape(capitalized(measure.description())))
                    .append("</h3>\n");
            chart(report.table(measure.table()), true);
            out.append("</div>\n");
        }
        out.append("</div>\n");
        section("Terms for groups of people", "Occurrences by group");
        chart(report.table("terms"), false);
        out.append("<div class=\"two\">\n");
        report.tables().keySet().stream()
                .filter(name -> name.startsWith("near."))
                .forEach(name -> {
                    out.append("<div><h3>Attribute words within ten words of ‘")
                            .append(escape(name.substring("near.".length())))
                            .append("’</h3>\n");
                    chart(report.table(name), true);
                    out.append("</div>\n");
                });
        out.append("</div>\n");
        samples(report);
        return out.append("</body>\n</html>\n").toString();
    }

    private void samples(CorpusReport report) {
        section("Samples", "Samples");
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
        line("<h2 id=\"%s\">%s</h2>", anchor(title), escape(title));
        if (!title.equals(subtitle)) {
            out.append("<h3>").append(escape(subtitle)).append("</h3>\n");
        }
    }

    private static String anchor(String title) {
        return title.toLowerCase(Locale.ROOT).replace(' ', '-');
    }

    /** What there is, and what share of what came in that is. */
    private void tiles(CorpusReport report) {
        SortedMap<String, Long> volume = report.table("volume");
        out.append("<div class=\"tiles\">\n");
        for (String name : List.of("documents", "words", "characters", "bytes", "domains")) {
            tile(number(volume.getOrDefault(name, 0L)), name);
        }
        long documents = volume.getOrDefault("documents", 0L);
        tile(number(volume.getOrDefault("words", 0L) / Math.max(1, documents)), "words a document");
        Long in = report.cleaning().get("documents.in");
        if (in != null && in > 0) {
            tile(String.format(Locale.ROOT, "%.1f %%", 100.0 * documents / in), "of " + number(in) + " documents kept");
        }
        out.append("</div>\n");
    }

    private void tile(String value, String name) {
        line("<div><b>%s</b>%s</div>", escape(value), escape(name));
    }

    /** Bars, the longest first; where the names begin with a number and a colon, in the order of these, which are not shown. */
    private void chart(SortedMap<String, Long> rows, boolean small) {
        if (rows.isEmpty()) {
            out.append("<p>None.</p>\n");
            return;
        }
        long most = rows.values().stream().mapToLong(Long::longValue).max().orElse(1);
        long sum = rows.values().stream().mapToLong(Long::longValue).sum();
        boolean byName = ORDERED.matcher(rows.firstKey()).find();
        Stream<Map.Entry<String, Long>> bars = rows.entrySet().stream();
        if (!byName) {
            bars = bars.sorted(
                    Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()));
        }
        int height = Math.min(rows.size(), MAX_BARS) * ROW_HEIGHT;
        int labels = small ? LABEL_WIDTH / 2 : LABEL_WIDTH;
        int bar = small ? BAR_WIDTH / 2 : BAR_WIDTH;
        int width = labels + bar + 150;
        line("<svg width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\">", width, height, width, height);
        int[] row = {0};
        bars.limit(MAX_BARS).forEach(entry -> {
            int y = row[0]++ * ROW_HEIGHT;
            long length = Math.max(1, Math.round((double) entry.getValue() / Math.max(1, most) * bar));
            String name = ORDERED.matcher(entry.getKey()).replaceFirst("");
            line("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>", labels - 8, y + 14, escape(shortened(name)));
            line("<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>", labels, y + 3, length, ROW_HEIGHT - 6);
            line(
                    "<text x=\"%d\" y=\"%d\">%s (%.1f %%)</text>",
                    labels + length + 6, y + 14, number(entry.getValue()), 100.0 * entry.getValue() / Math.max(1, sum));
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
