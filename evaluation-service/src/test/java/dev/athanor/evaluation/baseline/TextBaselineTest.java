package dev.athanor.evaluation.baseline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.evaluation.SharedFiles;
import dev.athanor.lm.scores.ConfusionMatrix;
import dev.athanor.lm.scores.Probabilities;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TextBaselineTest {

    @Test
    void learnsWhichWordsTell() {
        List<String> texts = IntStream.range(0, 200)
                .mapToObj(i -> (i % 2 == 0 ? "a fine film number " : "a dull film number ") + i / 4)
                .toList();
        int[] classes = IntStream.range(0, 200).map(i -> i % 2).toArray();
        var labelled = new TextBaseline.Labelled(texts, classes);
        var baseline = TextBaseline.train(labelled, labelled, 2);
        assertThat(Probabilities.argMax(baseline.predict(List.of("fine indeed", "so dull"))))
                .containsExactly(0, 1);
        assertThat(baseline.inverseStrength()).as("the strongest of equals").isEqualTo(0.25);
        assertThat(TextBaseline.train(labelled, labelled, 2).predict(texts)).isDeepEqualTo(baseline.predict(texts));
    }

    @Test
    void reachesWhatIsUsualOnTheStanfordSentimentTreebank() throws IOException {
        var train = read("data/sst/sst2.train.tsv");
        var dev = read("data/sst/sst2.dev.tsv");
        var test = read("data/sst/sst2.test.tsv");
        long begun = System.nanoTime();
        var baseline = TextBaseline.train(train, dev, 2);
        double seconds = (System.nanoTime() - begun) / 1e9;
        double onDev = accuracy(baseline, dev);
        double onTest = accuracy(baseline, test);
        System.out.printf(
                "SST-2 baseline: dev %.4f test %.4f, C %s, %d features, %.1f s%n",
                onDev, onTest, baseline.inverseStrength(), baseline.features(), seconds);
        assertThat(onDev).isGreaterThan(0.79);
        assertThat(onTest).isGreaterThan(0.79);
    }

    private static double accuracy(TextBaseline baseline, TextBaseline.Labelled part) {
        int[] predicted = Probabilities.argMax(baseline.predict(part.texts()));
        return ConfusionMatrix.of(2, part.classes(), predicted).accuracy();
    }

    private static TextBaseline.Labelled read(String name) throws IOException {
        List<String[]> rows = Files.readAllLines(SharedFiles.require(name)).stream()
                .map(line -> line.split("\t"))
                .toList();
        return new TextBaseline.Labelled(
                rows.stream().map(r -> r[0]).toList(),
                rows.stream().mapToInt(r -> Integer.parseInt(r[1])).toArray());
    }
}
