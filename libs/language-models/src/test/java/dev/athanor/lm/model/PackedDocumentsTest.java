package dev.athanor.lm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.athanor.libtorch.Autograd;
import dev.athanor.lm.Devices;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.data.TokenBatch;
import dev.athanor.lm.data.TokenStream;
import dev.athanor.lm.data.TokenWindows;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Several documents in a row of a batch, and layers that are computed again. */
class PackedDocumentsTest {

    private static final int T = 16;
    /** Of the second document. */
    private static final int START = 6;

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.athanor.lm.Architectures#all")
    void aDocumentDoesNotSeeItsNeighbour(String name, ModelConfig config) {
        try (LanguageModel model = LanguageModel.create(config, 3, Device.cpu());
                NDManager manager = Devices.newManager(Device.cpu())) {
            int C = config.width();
            long[] ids = new Random(2).longs(T, 0, config.vocabularySize()).toArray();
            float[] before = hidden(model, manager, ids, documents());
            for (int changed : new int[] {2, 9}) {
                long[] other = ids.clone();
                other[changed] = (other[changed] + 1) % config.vocabularySize();
                float[] after = hidden(model, manager, other, documents());
                for (int t = 0; t < T; t++) {
                    // Experts work on as many rows as choose them, and so round differently.
                    if (t < START != changed < START) {
                        assertThat(row(after, t, C))
                                .as("position " + t)
                                .containsExactly(row(before, t, C), within(config.experts() == null ? 0 : 1e-5f));
                    }
                }
                assertThat(row(after, changed, C)).isNotEqualTo(row(before, changed, C));
            }
        }
    }

    /** The first document alone is what it is among others: there, nothing but the later positions is left out. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.athanor.lm.Architectures#decoders")
    void theFirstDocumentIsAsItIsAlone(String name, ModelConfig config) {
        try (LanguageModel model = LanguageModel.create(config, 3, Device.cpu());
                NDManager manager = Devices.newManager(Device.cpu())) {
            long[] ids = new Random(2).longs(T, 0, config.vocabularySize()).toArray();
            float[] packed = hidden(model, manager, ids, documents());
            float[] alone = hidden(model, manager, Arrays.copyOf(ids, START), null);
            assertThat(Arrays.copyOf(packed, alone.length)).containsExactly(alone, within(1e-5f));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.athanor.lm.Architectures#all")
    void recomputedLayersHaveTheSameGradients(String name, ModelConfig config) {
        try (LanguageModel model =
                LanguageModel.create(config.toBuilder().dropout(0).build(), 3, Device.cpu())) {
            float[][] kept = gradients(model, false);
            float[][] again = gradients(model, true);
            for (int i = 0; i < kept.length; i++) {
                assertThat(again[i]).containsExactly(kept[i], within(1e-6f));
            }
        }
    }

    private static float[][] gradients(LanguageModel model, boolean recompute) {
        try (NDManager manager = Devices.newManager(Device.cpu());
                Autograd.Scope recording = Autograd.record()) {
            model.parameters().values().forEach(p -> p.setRequiresGradient(true));
            long[] ids = new Random(2)
                    .longs(2 * T, 0, model.config().vocabularySize())
                    .toArray();
            NDArray ids_BT = manager.create(ids, new Shape(2, T));
            Transformer.Output output =
                    model.transformer().forward(new Transformer.Input(ids_BT, null, null, null, true, recompute, null));
            if (output.auxiliaryLoss() != null) {
                Autograd.backwardRetainingGraph(
                        output.auxiliaryLoss(), output.auxiliaryLoss().onesLike());
            }
            Autograd.backward(output.hidden_BTC().square().mean());
            float[][] gradients = model.parameters().values().stream()
                    .map(p -> p.hasGradient() && p.getGradient() != null
                            ? p.getGradient().toFloatArray()
                            : new float[0])
                    .toArray(float[][]::new);
            Autograd.clearGradients(model.parameters().values());
            model.parameters().values().forEach(p -> p.setRequiresGradient(false));
            return gradients;
        }
    }

    @Test
    void windowsNumberTheirDocumentsAndPredictNoFirstToken() {
        // Documents of 0 … 4, 5 … 9, and so on.
        TokenStream tokens = new TokenStream() {
            @Override
            public long size() {
                return 41;
            }

            @Override
            public void read(long from, int count, long[] into, int offset) {
                for (int i = 0; i < count; i++) {
                    into[offset + i] = from + i;
                }
            }

            @Override
            public long documentAt(long position) {
                return position / 5;
            }
        };
        TokenBatch batch = new TokenWindows(tokens, 8, 1, true).inOrder(1, 2).slice(0, 1);
        assertThat(batch.inputs_BT()).containsExactly(8, 9, 10, 11, 12, 13, 14, 15);
        assertThat(batch.documents_BT()).containsExactly(0, 0, 1, 1, 1, 1, 1, 2);
        assertThat(batch.targets_BT()).containsExactly(9, -100, 11, 12, 13, 14, -100, 16);
        assertThat(new TokenWindows(tokens, 8, 1).inOrder(1, 1).documents_BT()).isNull();
    }

    @Test
    void documentNumbersMustFitTheBatch() {
        ModelConfig config = ModelConfig.gpt2(11, T, 1, 1, 8).build();
        try (LanguageModel model = LanguageModel.create(config, 3, Device.cpu());
                NDManager manager = Devices.newManager(Device.cpu())) {
            assertThatThrownBy(() -> hidden(model, manager, new long[T], new int[3]))
                    .hasMessageContaining("document numbers are given for 3 positions");
        }
    }

    private static int[] documents() {
        var documents = new int[T];
        Arrays.fill(documents, START, T, 1);
        return documents;
    }

    private static float[] hidden(LanguageModel model, NDManager manager, long[] ids, int[] documents) {
        NDArray ids_BT = manager.create(ids, new Shape(1, ids.length));
        return model.transformer()
                .forward(new Transformer.Input(ids_BT, null, null, documents, false, false, null))
                .hidden_BTC()
                .toFloatArray();
    }

    private static float[] row(float[] values, int t, int width) {
        return Arrays.copyOfRange(values, t * width, (t + 1) * width);
    }
}
