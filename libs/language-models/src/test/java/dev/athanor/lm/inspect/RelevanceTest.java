package dev.athanor.lm.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.athanor.libtorch.Autograd;
import dev.athanor.libtorch.RawData;
import dev.athanor.lm.Devices;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.SequenceClassifier;
import dev.athanor.lm.data.SampleOrder;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.Operations;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RelevanceTest {

    private static final int[] IDS = {3, 1, 4, 1, 5, 9, 2, 6, 5};

    /** In float64 and with all biases and norms off their initial values, so that only a wrong rule can break the sum. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.athanor.lm.Architectures#all")
    void relevancesSumToTheLogit(String name, ModelConfig config) {
        try (NDManager manager = Devices.newManager(Device.cpu());
                LanguageModel model = LanguageModel.create(config, 5, Device.cpu())) {
            Inspectable wide = Inspectable.of(config, scrambled(model.parameters(), manager), Device.cpu());
            for (boolean contrasted : new boolean[] {false, true}) {
                int row = config.stack() == ModelConfig.Stack.DECODER ? IDS.length - 1 : 4;
                Relevance relevance = Relevance.of(wide, IDS, row, 7, contrasted);
                double[] logits = logits(wide, manager, row);
                double rest = Arrays.stream(logits).sum() - logits[7];
                assertThat(relevance.explained())
                        .isCloseTo(logits[7] - (contrasted ? rest / (logits.length - 1) : 0), within(1e-9));
                assertThat(relevance.residue()).isCloseTo(0, within(1e-9));
                assertThat(relevance.layers()).hasSize(config.layers() + 1);
                assertThat(Arrays.stream(relevance.tokens())
                                .filter(r -> Math.abs(r) > 1e-6)
                                .count())
                        .as("several tokens matter")
                        .isGreaterThan(2);
                // Only the explained position's own stream leads on to the prediction.
                double[] last = relevance.layers().getLast();
                for (int t = 0; t < IDS.length; t++) {
                    if (t != row) {
                        assertThat(last[t]).isZero();
                    }
                }
                if (!config.biases()) {
                    assertThat(relevance.biases()).isZero();
                    for (double[] layer : relevance.layers()) {
                        assertThat(Arrays.stream(layer).sum()).isCloseTo(relevance.explained(), within(1e-9));
                    }
                }
            }
        }
    }

    private static double[] logits(Inspectable model, NDManager manager, int row) {
        try (Autograd.Scope noGrad = Autograd.noGrad()) {
            return model.logits(manager, IDS, Operations.PLAIN).get(row).toDoubleArray();
        }
    }

    private static Map<String, NDArray> scrambled(Map<String, NDArray> parameters, NDManager manager) {
        var weights = new LinkedHashMap<String, NDArray>();
        parameters.forEach((name, array) -> {
            NDArray wide = array.toType(DataType.FLOAT64, true);
            wide.attach(manager);
            RawData.write(wide, values -> {
                for (long i = 0; i < wide.size(); i++) {
                    double noise = (SampleOrder.mix(name.hashCode() + i) >> 11) * 0x1p-53;
                    values.setAtIndex(
                            ValueLayout.JAVA_DOUBLE, i, values.getAtIndex(ValueLayout.JAVA_DOUBLE, i) + 0.4 * noise);
                }
            });
            weights.put(name, wide);
        });
        return weights;
    }

    @Test
    void aDecodersFutureIsIrrelevant() {
        ModelConfig config = ModelConfig.llama(12, 16, 2, 2, 32).build();
        try (LanguageModel model = LanguageModel.create(config, 5, Device.cpu())) {
            Relevance relevance = Relevance.of(Inspectable.of(model), IDS, 4, null, false);
            assertThat(Arrays.copyOfRange(relevance.tokens(), 5, IDS.length)).containsOnly(0);
            assertThat(relevance.residue()).isCloseTo(0, within(1e-4));
            assertThatThrownBy(() -> Relevance.of(Inspectable.of(model), IDS, 9, null, false))
                    .hasMessageContaining("expected 0 to 8");
            assertThatThrownBy(() -> Relevance.of(Inspectable.of(model), IDS, 4, 12, false))
                    .hasMessageContaining("expected 0 to 11");
        }
    }

    /** Token 1 makes a sequence positive, token 2 negative; all others are noise, and 29 ends it. */
    @Test
    void thePlantedWordIsTheMostRelevant(@TempDir Path folder) throws Exception {
        try (LanguageModel model =
                LanguageModel.create(ModelConfig.llama(30, 24, 2, 2, 32).build(), 3, Device.cpu())) {
            model.save(folder);
        }
        var options = new SequenceClassifier.Options(
                SequenceClassifier.Pooling.LAST, 0, 0, dev.athanor.lm.train.Precision.FP32, 0.01, 1.0, 0);
        try (var classifier =
                SequenceClassifier.create(folder, List.of("negative", "positive"), options, Device.cpu())) {
            for (int step = 0; step < 60; step++) {
                var batch = new int[32][];
                var classes = new int[32];
                for (int i = 0; i < batch.length; i++) {
                    classes[i] = i % 2;
                    batch[i] = planted(new Random(step * 100 + i), classes[i]);
                }
                classifier.trainStep(batch, classes, 3e-3);
            }
            int most = 0;
            for (int i = 0; i < 20; i++) {
                int[] ids = planted(new Random(1_000_000 + i), i % 2);
                Relevance relevance = Relevance.of(Inspectable.of(classifier), ids, 0, null, true);
                assertThat(relevance.target()).isEqualTo(i % 2);
                assertThat(relevance.residue()).isCloseTo(0, within(1e-3));
                int best = 0;
                for (int t = 1; t < ids.length; t++) {
                    best = relevance.tokens()[t] > relevance.tokens()[best] ? t : best;
                }
                most += ids[best] == 2 - i % 2 ? 1 : 0;
            }
            assertThat(most).isGreaterThanOrEqualTo(19);
        }
    }

    private static int[] planted(Random random, int positive) {
        int[] ids = random.ints(12, 3, 29).toArray();
        ids[random.nextInt(11)] = 2 - positive;
        ids[11] = 29;
        return ids;
    }
}
