package dev.athanor.evaluation.sentiment;

import dev.athanor.evaluation.classification.Bootstrap.Interval;
import dev.athanor.evaluation.classification.ClassificationScores;
import java.util.List;
import java.util.Locale;

/** A {@link SentimentReport} for people: short Markdown that also reads well as plain text. */
final class SentimentMarkdown {

    private static final int SHOWN_ERRORS = 5;
    private static final int SHOWN_TEXT = 110;

    private SentimentMarkdown() {}

    static String of(SentimentReport report) {
        var out = new StringBuilder();
        line(
                out,
                "# Sentiment report: %s split, %d examples",
                report.split(),
                report.model().scores().examples());
        line(out, "");
        scores(out, report);
        line(out, "");
        line(out, verdict(report.difference()));
        line(out, "");
        line(out, "## Classes (model)");
        line(out, "");
        classes(out, report.model().scores());
        line(out, "");
        line(out, "## Confusion (model; row = actual, column = predicted)");
        line(out, "");
        confusion(out, report.labels(), report.model().scores());
        if (!report.errors().isEmpty()) {
            line(out, "");
            line(out, "## Surest errors");
            line(out, "");
            for (SentimentReport.Error e : report.errors()
                    .subList(0, Math.min(SHOWN_ERRORS, report.errors().size()))) {
                line(
                        out,
                        "- %s, predicted %s (%.0f %%): %s",
                        e.label(),
                        e.predicted(),
                        100 * e.probability(),
                        oneLine(e.text()));
            }
        }
        line(out, "");
        line(
                out,
                "Trained on %d examples, %d to choose the best epoch and the baseline's C = %s. Baseline: TF-IDF of %d words and"
                        + " word pairs, logistic regression. Intervals: 95 %%, bootstrap of the examples.",
                report.examples().getOrDefault("train", 0),
                report.examples().getOrDefault("validation", 0),
                String.format(Locale.ROOT, "%.6g", report.baseline().inverseStrength())
                        .replaceAll("\\.?0+$", ""),
                report.baseline().features());
        return out.toString();
    }

    private static void scores(StringBuilder out, SentimentReport report) {
        var model = report.model();
        var baseline = report.baseline();
        line(out, "| | model | baseline |");
        line(out, "|---|---|---|");
        row(
                out,
                "accuracy",
                within(model.scores().accuracy(), model.accuracy()),
                within(baseline.scores().accuracy(), baseline.accuracy()));
        row(
                out,
                "macro-F1",
                within(model.scores().macroF1(), model.macroF1()),
                within(baseline.scores().macroF1(), baseline.macroF1()));
        row(
                out,
                "weighted F1",
                number(model.scores().weightedF1()),
                number(baseline.scores().weightedF1()));
        row(
                out,
                "Matthews correlation",
                number(model.scores().matthewsCorrelation()),
                number(baseline.scores().matthewsCorrelation()));
        row(
                out,
                "log loss",
                number(model.scores().logLoss()),
                number(baseline.scores().logLoss()));
        row(
                out,
                "calibration error",
                number(model.scores().calibrationError()),
                number(baseline.scores().calibrationError()));
    }

    private static String verdict(SentimentReport.Difference difference) {
        Interval interval = difference.accuracyInterval();
        String size = String.format(
                Locale.ROOT,
                "%+.1f points of accuracy (95 %%: %+.1f to %+.1f)",
                100 * difference.accuracy(),
                100 * interval.low(),
                100 * interval.high());
        if (interval.low() > 0) {
            return "The model is better than the baseline: " + size + ".";
        }
        if (interval.high() < 0) {
            return "The model is WORSE than the baseline: " + size + ".";
        }
        return "Model and baseline cannot be told apart on so many examples: " + size + ".";
    }

    private static void classes(StringBuilder out, ClassificationScores scores) {
        line(out, "| class | precision | recall | F1 | examples |");
        line(out, "|---|---|---|---|---|");
        for (ClassificationScores.OfClass c : scores.classes()) {
            line(out, "| %s | %.3f | %.3f | %.3f | %d |", c.label(), c.precision(), c.recall(), c.f1(), c.support());
        }
    }

    private static void confusion(StringBuilder out, List<String> labels, ClassificationScores scores) {
        line(out, "| | %s |", String.join(" | ", labels));
        line(out, "|---|%s", "---|".repeat(labels.size()));
        for (int actual = 0; actual < labels.size(); actual++) {
            String cells = String.join(
                    " | ",
                    scores.confusion().get(actual).stream().map(String::valueOf).toList());
            line(out, "| %s | %s |", labels.get(actual), cells);
        }
    }

    private static void row(StringBuilder out, String name, String model, String baseline) {
        line(out, "| %s | %s | %s |", name, model, baseline);
    }

    private static String within(double score, Interval interval) {
        return String.format(Locale.ROOT, "%.4f (%.3f to %.3f)", score, interval.low(), interval.high());
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    private static String oneLine(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= SHOWN_TEXT ? line : line.substring(0, SHOWN_TEXT) + "…";
    }

    private static void line(StringBuilder out, String format, Object... arguments) {
        out.append(arguments.length == 0 ? format : String.format(Locale.ROOT, format, arguments))
                .append('\n');
    }
}
