package dev.athanor.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import dev.athanor.lm.SequenceClassifier.Options;
import dev.athanor.lm.SequenceClassifier.Pooling;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.train.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SequenceClassifierTest {

    private static final List<String> LABELS = List.of("negative", "neutral", "positive");

    @TempDir
    Path folder;

    @BeforeEach
    void saveLanguageModel() throws IOException {
        try (var model =
                LanguageModel.create(ModelConfig.llama(30, 24, 2, 2, 32).build(), 1, Device.cpu())) {
            model.save(folder.resolve("lm"));
        }
    }

    /** Sequences of noise with one telling token somewhere: 1, 2 or 3 for the three classes. */
    private record Examples(int[][] ids, int[] classes) {
        static Examples random(int count, long seed) {
            var random = new Random(seed);
            var ids = new int[count][];
            var classes = new int[count];
            for (int i = 0; i < count; i++) {
                ids[i] = random.ints(3 + random.nextInt(20), 4, 30).toArray();
                classes[i] = random.nextInt(3);
                ids[i][random.nextInt(ids[i].length)] = 1 + classes[i];
            }
            return new Examples(ids, classes);
        }
    }

    @ParameterizedTest
    @CsvSource({"LAST, FP32", "MEAN, FP32", "LAST, BF16", "MEAN, BF16"})
    void learnsWhichTokenTells(Pooling pooling, Precision precision) throws IOException {
        var options = new Options(pooling, 0, 0.05, precision, 0.01, 1.0, 1);
        try (var classifier = SequenceClassifier.create(folder.resolve("lm"), LABELS, options, Device.cpu())) {
            for (int step = 0; step < 150; step++) {
                Examples batch = Examples.random(32, step);
                classifier.trainStep(batch.ids, batch.classes, 3e-3);
            }
            Examples test = Examples.random(200, 1000);
            assertThat(accuracy(classifier.predict(test.ids), test.classes)).isGreaterThan(0.9);
        }
    }

    @Test
    void savedAndLoadedItPredictsTheSame() throws IOException {
        var options = new Options(Pooling.MEAN, 0, 0, Precision.FP32, 0.01, 1.0, 1);
        Examples examples = Examples.random(50, 3);
        float[][] expected;
        try (var classifier = SequenceClassifier.create(folder.resolve("lm"), LABELS, options, Device.cpu())) {
            classifier.trainStep(examples.ids, examples.classes, 1e-2);
            expected = classifier.predict(examples.ids);
            classifier.save(folder.resolve("c"));
        }
        try (var loaded = SequenceClassifier.load(folder.resolve("c"), Device.cpu(), Precision.FP32);
                var rounded = SequenceClassifier.load(folder.resolve("c"), Device.cpu(), Precision.BF16)) {
            assertThat(loaded.labels()).isEqualTo(LABELS);
            assertThat(loaded.maxTokens()).isEqualTo(24);
            assertThat(loaded.predict(examples.ids)).isDeepEqualTo(expected);
            float[][] close = rounded.predict(examples.ids);
            for (int i = 0; i < expected.length; i++) {
                for (int c = 0; c < 3; c++) {
                    assertThat(close[i][c]).isCloseTo(expected[i][c], within(0.02f));
                }
            }
        }
    }

    @Test
    void aPredictionDoesNotDependOnItsNeighbours() throws IOException {
        var options = new Options(Pooling.LAST, 0, 0, Precision.FP32, 0.01, 1.0, 1);
        Examples examples = Examples.random(40, 3);
        try (var classifier = SequenceClassifier.create(folder.resolve("lm"), LABELS, options, Device.cpu())) {
            float[][] together = classifier.predict(examples.ids);
            for (int i = 0; i < examples.ids.length; i++) {
                float[] alone = classifier.predict(new int[][] {examples.ids[i]})[0];
                assertThat(alone[0] + alone[1] + alone[2]).isCloseTo(1, within(1e-5f));
                for (int c = 0; c < 3; c++) {
                    assertThat(alone[c]).isCloseTo(together[i][c], within(1e-5f));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"FP32", "BF16"})
    void aSnapshotBringsBackTheValues(Precision precision) throws IOException {
        var options = new Options(Pooling.LAST, 0, 0.1, precision, 0.01, 1.0, 1);
        Examples examples = Examples.random(20, 3);
        try (var classifier = SequenceClassifier.create(folder.resolve("lm"), LABELS, options, Device.cpu())) {
            classifier.trainStep(examples.ids, examples.classes, 1e-2);
            var best = classifier.snapshot();
            float[][] before = classifier.predict(examples.ids);
            classifier.trainStep(examples.ids, examples.classes, 1e-1);
            assertThat(classifier.predict(examples.ids)[0]).isNotEqualTo(before[0]);
            classifier.restore(best);
            assertThat(classifier.predict(examples.ids)).isDeepEqualTo(before);
        }
    }

    @Test
    void trainingIsAPureFunctionOfItsInputs() throws IOException {
        var options = new Options(Pooling.LAST, 0, 0.1, Precision.BF16, 0.01, 1.0, 1);
        for (String name : List.of("a", "b")) {
            try (var classifier = SequenceClassifier.create(folder.resolve("lm"), LABELS, options, Device.cpu())) {
                for (int step = 0; step < 3; step++) {
                    Examples batch = Examples.random(8, step);
                    classifier.trainStep(batch.ids, batch.classes, 1e-2);
                    classifier.predict(batch.ids);
                }
                classifier.save(folder.resolve(name));
            }
        }
        assertThat(folder.resolve("a/model.safetensors")).hasSameBinaryContentAs(folder.resolve("b/model.safetensors"));
    }

    @ParameterizedTest
    @CsvSource({"FP32", "BF16"})
    void trainingGoesOnFromItsStateToTheBit(Precision precision) throws IOException {
        var options = new Options(Pooling.LAST, 20, 0.1, precision, 0.01, 1.0, 1);
        Path state = folder.resolve("state.safetensors");
        try (var classifier = SequenceClassifier.create(folder.resolve("lm"), LABELS, options, Device.cpu())) {
            for (int step = 0; step < 4; step++) {
                Examples batch = Examples.random(8, step);
                classifier.trainStep(batch.ids, batch.classes, 1e-2);
                if (step == 1) {
                    classifier.saveTraining(state);
                }
            }
            classifier.save(folder.resolve("whole"));
        }
        try (var classifier = SequenceClassifier.create(folder.resolve("lm"), LABELS, options, Device.cpu())) {
            classifier.loadTraining(state);
            for (int step = 2; step < 4; step++) {
                Examples batch = Examples.random(8, step);
                classifier.trainStep(batch.ids, batch.classes, 1e-2);
            }
            classifier.save(folder.resolve("resumed"));
        }
        assertThat(folder.resolve("resumed/model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("whole/model.safetensors"));
        try (var saved = SequenceClassifier.load(folder.resolve("whole"), Device.cpu(), precision)) {
            assertThat(saved.maxTokens()).isEqualTo(20);
        }
    }

    @Test
    void badInputIsNamed() throws IOException {
        try (var classifier = SequenceClassifier.create(folder.resolve("lm"), LABELS, Options.DEFAULTS, Device.cpu())) {
            assertThatThrownBy(() -> classifier.predict(new int[][] {{}})).hasMessageContaining("no tokens");
            assertThatThrownBy(() -> classifier.predict(new int[][] {{30}})).hasMessageContaining("expected 0 to 29");
            assertThatThrownBy(() -> classifier.predict(new int[][] {new int[25]}))
                    .hasMessageContaining("at most 24");
            assertThatThrownBy(() -> classifier.trainStep(new int[][] {{1}}, new int[0], 1e-3))
                    .hasMessageContaining("1 sequences and 0 classes");
            assertThat(classifier.predict(new int[0][])).isEmpty();
        }
        assertThatThrownBy(() -> SequenceClassifier.create(
                        folder.resolve("lm"), List.of("a", "a"), Options.DEFAULTS, Device.cpu()))
                .hasMessageContaining("two different");
    }

    private static double accuracy(float[][] probabilities, int[] classes) {
        int right = 0;
        for (int i = 0; i < classes.length; i++) {
            float[] row = probabilities[i];
            int best = 0;
            for (int c = 1; c < row.length; c++) {
                best = row[c] > row[best] ? c : best;
            }
            right += best == classes[i] ? 1 : 0;
        }
        return (double) right / Arrays.stream(classes).count();
    }
}
