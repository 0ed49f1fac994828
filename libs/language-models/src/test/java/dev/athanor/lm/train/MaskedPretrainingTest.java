package dev.athanor.lm.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import dev.athanor.lm.Architectures;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.data.MaskedWindows;
import dev.athanor.lm.data.Masking;
import dev.athanor.lm.data.TokenStream;
import dev.athanor.lm.model.ModelConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MaskedPretrainingTest {

    @TempDir
    Path folder;

    /** Windows of one repeated token: what is hidden shows only in the other positions. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.athanor.lm.Architectures#encoders")
    void everyEncoderLearnsToFillIn(String name, ModelConfig config) throws Exception {
        var random = new Random(3);
        var ids = new int[16 * 300];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = i % 16 == 0 ? 4 + random.nextInt(8) : ids[i - 1];
        }
        List<Double> losses = train(config, windows(ids, null, config), 100);
        // Uniform over the eight tokens is 2.08; one in ten of the hidden ones is misleading only where too few others
        // are seen.
        assertThat(losses.subList(90, 100).stream()
                        .mapToDouble(l -> l)
                        .average()
                        .orElseThrow())
                .isLessThan(0.6);
    }

    @Test
    void masksAndSentencesTogetherAreLearnt() throws Exception {
        // Stretches of 13 alternate between two disjoint halves of the vocabulary: a second sentence that follows is of
        // the same half.
        var random = new Random(3);
        var ids = new int[13 * 400];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = 4 + (i / 13 % 2) * 4 + random.nextInt(2);
        }
        ModelConfig bert = Architectures.encoderConfigs().get("bert");
        List<Double> losses = train(bert, windows(ids, new MaskedWindows.SentencePairs(1, 2), bert), 120);
        double before = losses.getFirst();
        double after =
                losses.subList(110, 120).stream().mapToDouble(l -> l).average().orElseThrow();
        // Tokens: ln 2 at best. Sentences: ln 2 by chance, and about half of the wrong pairs cannot be told.
        assertThat(before).isGreaterThan(2.5);
        assertThat(after).isLessThan(Math.log(2) + 0.62);
    }

    private static MaskedWindows windows(int[] ids, MaskedWindows.SentencePairs pairs, ModelConfig config) {
        return new MaskedWindows(
                TokenStream.of(ids), config.context(), new Masking(3, 0.2, null, 4, config.vocabularySize()), pairs, 5);
    }

    private List<Double> train(ModelConfig config, MaskedWindows windows, int steps) throws Exception {
        List<Double> losses = new ArrayList<>();
        var training = new TrainingConfig(
                steps,
                0,
                32,
                16,
                Precision.FP32,
                LearningRateSchedule.Shape.COSINE,
                5e-3,
                10,
                0.1,
                0,
                0.9,
                0.95,
                1,
                0,
                0,
                500,
                1);
        ModelConfig wide = config.toBuilder().initializerRange(0.08).build();
        try (LanguageModel model = LanguageModel.create(wide, 2, Device.cpu())) {
            Pretraining.Result result = new Pretraining(
                            model,
                            training,
                            new MaskedObjective(windows, windows, 500),
                            new FolderCheckpoints(folder),
                            folder)
                    .run(new TrainingListener() {
                        @Override
                        public void step(StepMetrics metrics) {
                            losses.add(metrics.loss());
                        }
                    });
            assertThat(result.validationLoss()).isLessThan(losses.getFirst());
        }
        return losses;
    }
}
