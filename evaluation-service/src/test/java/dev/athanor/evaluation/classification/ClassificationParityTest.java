package dev.athanor.evaluation.classification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.athanor.contracts.json.Json;
import dev.athanor.evaluation.SharedFiles;
import dev.athanor.lm.scores.ConfusionMatrix;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** 12,284 real predictions scored by scikit-learn 1.2.1. */
class ClassificationParityTest {

    private static final Offset<Double> SAME = within(1e-12);

    @Test
    void scoresEqualThoseOfScikitLearn() throws IOException {
        JsonNode golden = Json.MAPPER.readTree(Files.readString(SharedFiles.require("golden/classification.json")));
        int[] actual = Files.readAllLines(SharedFiles.require("data/tweeteval_sentiment/test_labels.txt")).stream()
                .mapToInt(line -> Integer.parseInt(line.strip()))
                .toArray();
        int[] predicted = IntStream.range(0, golden.get("pred").size())
                .map(i -> golden.get("pred").get(i).asInt())
                .toArray();
        float[][] probabilities = new float[actual.length][3];
        IntStream.range(0, actual.length).forEach(i -> probabilities[i][predicted[i]] = 1);

        var scores = ClassificationScores.of(List.of("negative", "neutral", "positive"), actual, probabilities);
        assertThat(scores.accuracy()).isCloseTo(golden.get("accuracy").asDouble(), SAME);
        assertThat(scores.macroF1()).isCloseTo(golden.get("macro_f1").asDouble(), SAME);
        assertThat(scores.weightedF1()).isCloseTo(golden.get("weighted_f1").asDouble(), SAME);
        assertThat(scores.macroRecall())
                .isCloseTo(golden.get("macro_recall(SemEval metric)").asDouble(), SAME);
        assertThat(scores.matthewsCorrelation()).isCloseTo(golden.get("mcc").asDouble(), SAME);
        JsonNode perClass = golden.get("per_class_p_r_f_s");
        for (int c = 0; c < 3; c++) {
            var of = scores.classes().get(c);
            assertThat(of.precision()).isCloseTo(perClass.get(0).get(c).asDouble(), SAME);
            assertThat(of.recall()).isCloseTo(perClass.get(1).get(c).asDouble(), SAME);
            assertThat(of.f1()).isCloseTo(perClass.get(2).get(c).asDouble(), SAME);
            assertThat(of.support()).isEqualTo(perClass.get(3).get(c).asLong());
            for (int p = 0; p < 3; p++) {
                assertThat(scores.confusion().get(c).get(p))
                        .isEqualTo(golden.get("confusion").get(c).get(p).asLong());
            }
        }

        var interval = new Bootstrap(3, actual, 7).score(predicted, ConfusionMatrix::accuracy);
        // Normal approximation of the binomial: 1.96 √(p(1 − p)/n) = 0.0079.
        assertThat(interval.low()).isCloseTo(scores.accuracy() - 0.0079, within(0.001));
        assertThat(interval.high()).isCloseTo(scores.accuracy() + 0.0079, within(0.001));
    }
}
