package dev.athanor.evaluation.inspection;

import dev.athanor.lm.inspect.Distribution;
import dev.athanor.lm.inspect.GradientCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A report as one HTML page that loads nothing and runs nothing. */
final class InspectionHtml {

    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>Athanor: %1$s</title>
            <style>
            body { font: 14px sans-serif; margin: 2em; color: #222; background: #fff }
            svg text { font: 9px monospace; fill: #222 }
            figure { display: inline-block; margin: 0 1em 1em 0; vertical-align: top }
            figcaption { font-weight: bold }
            p.text { font: 16px/2 monospace }
            p.text span { padding: 2px 0 }
            table { border-collapse: collapse }
            td, th { padding: 2px 8px; text-align: right; border-bottom: 1px solid #ddd }
            td:first-child, th:first-child { text-align: left; font-family: monospace }
            .bad { color: #b00; font-weight: bold }
            </style></head><body>
            <h1>%1$s</h1>
            """;

    private InspectionHtml() {}

    static String of(InspectionReport report) {
        var out = new StringBuilder();
        switch (report) {
            case InspectionReport.Attention attention -> attention(out, attention);
            case InspectionReport.Relevance relevance -> relevance(out, relevance);
            case InspectionReport.Histograms histograms -> histograms(out, histograms);
            case InspectionReport.Gradients gradients -> gradients(out, gradients);
        }
        return out.append("</body></html>\n").toString();
    }

    private static void attention(StringBuilder out, InspectionReport.Attention report) {
        line(out, HEAD, "Attention maps");
        line(out, "<p>Each row's token shares its attention among the columns' tokens.</p>");
        for (InspectionReport.Attention.Text text : report.texts()) {
            line(out, "<h2>%s</h2>", title(text.tokens(), text.truncated()));
            for (InspectionReport.Attention.Map map : text.maps()) {
                line(
                        out,
                        "<figure><figcaption>layer %d, head %d</figcaption>%s</figure>",
                        map.layer(),
                        map.head(),
                        Svg.heatMap(text.tokens(), text.tokens(), map.weights()));
            }
        }
    }

    private static void relevance(StringBuilder out, InspectionReport.Relevance report) {
        line(out, HEAD, "Relevance");
        line(
                out,
                "<p>What each token adds to the logit (red) or takes from it (blue). Explained: the logit%s.</p>",
                report.contrasted() ? " less the mean of the other classes' logits" : "");
        for (InspectionReport.Relevance.Text text : report.texts()) {
            line(out, "<h2>%s</h2>", Svg.escaped(text.target()));
            line(
                    out,
                    "<p>probability %.4f, explained %.4f = tokens %.4f + biases %.4f + rounding %.1e</p>",
                    text.probability(),
                    text.explained(),
                    text.relevance().stream().mapToDouble(Double::doubleValue).sum(),
                    text.biases(),
                    text.residue());
            List<Double> shares = scaled(List.of(text.relevance())).getFirst();
            var words = new StringBuilder();
            for (int i = 0; i < text.tokens().size(); i++) {
                words.append(String.format(
                        Locale.ROOT,
                        "<span style=\"background:%s\" title=\"%.4f\">%s</span>",
                        Svg.colour(shares.get(i)),
                        text.relevance().get(i),
                        Svg.escaped(text.tokens().get(i))));
            }
            line(out, "<p class=\"text\">%s%s</p>", words, text.truncated() ? " …" : "");
            List<String> names = new ArrayList<>();
            for (int i = 0; i < text.layers().size(); i++) {
                names.add(i < text.layers().size() - 1 ? "into layer " + i : "out");
            }
            line(
                    out,
                    "<figure><figcaption>by layer, each row by its largest</figcaption>%s</figure>",
                    Svg.heatMap(names, text.tokens(), scaled(text.layers())));
        }
    }

    /** Each row divided by its largest magnitude. */
    private static List<List<Double>> scaled(List<List<Double>> rows) {
        return rows.stream()
                .map(row -> {
                    double most = row.stream().mapToDouble(Math::abs).max().orElse(0);
                    return row.stream().map(v -> most == 0 ? 0.0 : v / most).toList();
                })
                .toList();
    }

    private static void histograms(StringBuilder out, InspectionReport.Histograms report) {
        line(out, HEAD, "Values and gradients");
        line(
                out,
                "<p>%d tokens, loss %.4f nats. Bars: counts by magnitude, half decades from 1e-8 to 1e4 with one bar below and one"
                        + " above; positive values upwards, negative ones downwards.</p>",
                report.tokens(),
                report.loss());
        line(out, "<h2>Activations</h2>");
        places(out, report.activations());
        line(out, "<h2>Parameters</h2>");
        places(out, report.parameters());
    }

    private static void places(StringBuilder out, List<InspectionReport.Histograms.Place> places) {
        line(out, "<table><tr><th></th>%s%s</tr>", titles("value"), titles("gradient"));
        for (InspectionReport.Histograms.Place place : places) {
            line(
                    out,
                    "<tr><td>%s</td>%s%s</tr>",
                    Svg.escaped(place.name()),
                    cells(place.values()),
                    cells(place.gradients()));
        }
        line(out, "</table>");
    }

    private static String titles(String what) {
        return String.format(
                Locale.ROOT,
                "<th>%s</th><th>min</th><th>max</th><th>mean</th><th>deviation</th><th>zeros</th><th>NaN, infinite</th>",
                what);
    }

    private static String cells(Distribution d) {
        long broken = d.nan() + d.infinite();
        return String.format(
                Locale.ROOT,
                "<td>%s</td><td>%.3g</td><td>%.3g</td><td>%.3g</td><td>%.3g</td><td>%.1f %%</td><td%s>%d</td>",
                Svg.histogram(d.positive(), d.negative()),
                d.min(),
                d.max(),
                d.mean(),
                d.deviation(),
                100 * d.zeros(),
                broken > 0 ? " class=\"bad\"" : "",
                broken);
    }

    private static void gradients(StringBuilder out, InspectionReport.Gradients report) {
        line(out, HEAD, "Gradient check");
        GradientCheck.Report check = report.check();
        line(
                out,
                "<p>Finite differences against automatic differentiation in float64. <b%s>%s</b>: largest relative error %.2e,"
                        + " tolerance %.0e.</p>",
                check.passed() ? "" : " class=\"bad\"",
                check.passed() ? "Passed" : "Failed",
                check.worst(),
                check.tolerance());
        line(out, "<p>%s</p>", Svg.escaped(check.checked()));
        line(out, "<table><tr><th></th><th>place</th><th>automatic</th><th>numeric</th><th>error</th></tr>");
        for (GradientCheck.Coordinate c : check.coordinates()) {
            line(
                    out,
                    "<tr><td>%s</td><td>%d</td><td>%.6e</td><td>%.6e</td><td%s>%.1e</td></tr>",
                    Svg.escaped(c.parameter()),
                    c.index(),
                    c.automatic(),
                    c.numeric(),
                    c.error() <= check.tolerance() ? "" : " class=\"bad\"",
                    c.error());
        }
        line(out, "</table>");
    }

    private static String title(List<String> tokens, boolean truncated) {
        return Svg.escaped(String.join("", tokens)) + (truncated ? " …" : "");
    }

    private static void line(StringBuilder out, String format, Object... arguments) {
        out.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }
}
