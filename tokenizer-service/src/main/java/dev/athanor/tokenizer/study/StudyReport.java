package dev.athanor.tokenizer.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * What a study found.
 *
 * @param measurements in the order of algorithms and sizes of the specification
 */
public record StudyReport(List<Measurement> measurements, Recommendation recommendation) {

    String markdown() {
        List<String> lines = new ArrayList<>();
        lines.add("# Tokenizers for this corpus");
        lines.add("");
        lines.add("Recommended: **" + recommendation.algorithm() + "** with **" + recommendation.vocabularySize()
                + "** tokens, because " + recommendation.reason() + ".");
        lines.add("");
        lines.add(
                "| algorithm | size | vocabulary | bytes/token | tokens/word | unknown | coverage | used | 95% occur | "
                        + "symbols read |");
        lines.add("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        for (Measurement m : measurements) {
            lines.add(String.format(
                    Locale.ROOT,
                    "| %s | %d | %d | %.3f | %.3f | %.3f%% | %.3f%% | %.1f%% | %d | %d |",
                    m.algorithm(),
                    m.vocabularySize(),
                    m.vocabulary(),
                    m.text().bytesPerToken(),
                    m.text().fertility(),
                    100 * m.text().unknownRate(),
                    100 * m.text().coverage(),
                    100 * m.vocabularyUsed(),
                    m.frequency95(),
                    m.trainingSymbols()));
        }
        lines.add("");
        lines.add(
                "Unknown: of the tokens. Coverage: characters that are neither unknown nor spelt in bytes. Used: share of the "
                        + "vocabulary in the held-out text. 95% occur: how often 95% of the learnt tokens occur in training at least. "
                        + "Symbols read: the cost of training; its seconds are in the job's metrics (`train_seconds`).");
        fertility(lines);
        return String.join("\n", lines) + "\n";
    }

    private void fertility(List<String> lines) {
        var languages = new TreeSet<String>();
        measurements.forEach(m -> languages.addAll(m.languages().keySet()));
        lines.add("");
        lines.add("## Tokens per word by language");
        lines.add("");
        lines.add("| algorithm | size | " + String.join(" | ", languages) + " |");
        lines.add("|---|---:|" + "---:|".repeat(languages.size()));
        for (Measurement m : measurements) {
            var line = new StringBuilder("| " + m.algorithm() + " | " + m.vocabularySize() + " |");
            for (String language : languages) {
                TextMeasure measure = m.languages().get(language);
                line.append(measure == null ? " |" : String.format(Locale.ROOT, " %.3f |", measure.fertility()));
            }
            lines.add(line.toString());
        }
    }
}
