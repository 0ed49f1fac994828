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

class MaskedPretrainingTest {

    @TempDir
    Path folder;

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
        List<Double> sentences = new ArrayList<>();
        List<Double> losses = train(bert, windows(ids, new MaskedWindows.SentencePairs(1, 2), bert), 120, sentences);
        double before = losses.getFirst();
        double after =
                losses.subList(110, 120).stream().mapToDouble(l -> l).average().orElseThrow();
        // Tokens: ln 2 at best. Sentences: half of the wrong pairs are of the same half too, so that of three such
        // pairs
        // one is wrong and nothing tells which.
        double unavoidable = Math.log(2) + 0.75 * (Math.log(3) - 2.0 / 3 * Math.log(2));
        assertThat(before).isGreaterThan(2.5);
        assertThat(after - unavoidable).isLessThan(0.05);
        // At the start a coin's ln 2, at the end what cannot be known: 0.48.
        assertThat(sentences.getFirst()).isGreaterThan(0.6);
        assertThat(sentences.getLast()).isBetween(0.4, 0.55);
    }

    private static MaskedWindows windows(int[] ids, MaskedWindows.SentencePairs pairs, ModelConfig config) {
        return new MaskedWindows(
                TokenStream.of(ids), config.context(), Masking.ofTokens(3, 0.2, 4, config.vocabularySize()), pairs, 5);
    }

    private List<Double> train(ModelConfig config, MaskedWindows windows, int steps, List<Double> sentences)
            throws Exception {
        List<Double> losses = new ArrayList<>();
        var training = TrainingConfig.builder(steps, 32)
                .microBatchSize(16)
                .precision(Precision.FP32)
                .learningRate(5e-3)
                .warmupSteps(10)
                .weightDecay(0)
                .validateEvery(2)
                .validationTokens(500)
                .seed(1)
                .build();
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
                            assertThat(metrics.tokenLoss() + metrics.sentenceLoss())
                                    .isEqualTo(metrics.loss());
                            assertThat(metrics.perplexity()).isEqualTo(Math.exp(metrics.tokenLoss()));
                        }

                        @Override
                        public void sentencesValidated(long step, double loss) {
                            sentences.add(loss);
                        }
                    });
            assertThat(result.validationLoss()).isLessThan(losses.getFirst());
        }
        return losses;
    }
}
