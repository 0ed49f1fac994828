package dev.athanor.evaluation.sentiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.contracts.document.LabelledExample;
import dev.athanor.contracts.document.Split;
import dev.athanor.contracts.json.Json;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SentimentReportTest {

    private final List<String> labels = List.of("negative", "positive");
    private final List<LabelledExample> examples = IntStream.range(0, 40)
            .mapToObj(i -> new LabelledExample("e%02d".formatted(i), "text " + i, labels.get(i % 2), Split.TEST))
            .toList();

    /** The model is wrong on the first two examples, surest on the second; the baseline on every fourth. */
    private SentimentReport report() {
        var actual = IntStream.range(0, 40).map(i -> i % 2).toArray();
        var model = new float[40][2];
        var baseline = new float[40][2];
        for (int i = 0; i < 40; i++) {
            float right = i < 2 ? 0.4f - 0.1f * i : 0.9f;
            model[i][actual[i]] = right;
            model[i][1 - actual[i]] = 1 - right;
            baseline[i][actual[i]] = i % 4 == 0 ? 0.2f : 0.8f;
            baseline[i][1 - actual[i]] = 1 - baseline[i][actual[i]];
        }
        var counts = new TreeMap<>(java.util.Map.of("train", 100, "validation", 10, "test", 40));
        return SentimentReport.of(
                "test", counts, new SentimentReport.Predictions(labels, examples, actual, model, baseline), 123, 16, 7);
    }

    @Test
    void scoresDifferencesAndErrors() {
        SentimentReport report = report();
        assertThat(report.model().scores().accuracy()).isEqualTo(0.95);
        assertThat(report.baseline().scores().accuracy()).isEqualTo(0.75);
        assertThat(report.difference().accuracy()).isEqualTo(0.95 - 0.75);
        assertThat(report.difference().accuracyInterval().low()).isLessThan(0.2).isGreaterThan(0);
        assertThat(report.errors()).extracting(SentimentReport.Error::id).containsExactly("e01", "e00");
        assertThat(report.errors().getFirst().predicted()).isEqualTo("negative");
        assertThat(Json.canonicalBytes(report())).isEqualTo(Json.canonicalBytes(report));
    }

    @Test
    void markdownTellsWhoIsBetterAndShowsTheConfusion() {
        String text = SentimentMarkdown.of(report());
        assertThat(text)
                .contains("test split, 40 examples")
                .contains("| accuracy | 0.9500 (")
                .contains("The model is better than the baseline: +20.0 points")
                .contains("| negative | 19 | 1 |")
                .contains("- positive, predicted negative (70 %): text 1")
                .contains("Trained on 100 examples, 10 to choose")
                .contains("C = 16.");
    }
}
