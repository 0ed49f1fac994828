package dev.athanor.lm.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.athanor.libtorch.Autograd;
import dev.athanor.lm.Devices;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.Operations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AttentionMapsTest {

    private static final int[] IDS = {3, 1, 4, 1, 5, 9, 2, 6, 5};

    /** The maps are what the model attends by: values weighted by them give its own logits. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.athanor.lm.Architectures#all")
    void theMapsAreWhatTheModelDoes(String name, ModelConfig config) {
        ModelConfig strong = config.toBuilder().initializerRange(0.2).build();
        try (LanguageModel model = LanguageModel.create(strong, 3, Device.cpu());
                NDManager scope = Devices.newManager(Device.cpu());
                Autograd.Scope noGrad = Autograd.noGrad()) {
            Inspectable inspected = Inspectable.of(model);
            float[][][][] maps = AttentionMaps.of(inspected, IDS);
            assertThat(maps.length).isEqualTo(config.layers());
            assertThat(maps[0].length).isEqualTo(config.heads());
            for (float[][][] layer : maps) {
                for (float[][] head : layer) {
                    for (int t = 0; t < IDS.length; t++) {
                        double sum = 0;
                        for (int s = 0; s < IDS.length; s++) {
                            sum += head[t][s];
                            if (config.stack() == ModelConfig.Stack.DECODER && s > t) {
                                assertThat(head[t][s]).isZero();
                            }
                        }
                        assertThat(sum).isCloseTo(1, within(1e-5));
                    }
                }
            }
            float[] plain = inspected.logits(scope, IDS, Operations.PLAIN).toFloatArray();
            float[] byMaps = inspected.logits(scope, IDS, byMaps(maps)).toFloatArray();
            assertThat(byMaps).containsExactly(plain, within(1e-3f));
        }
    }

    private static Operations byMaps(float[][][][] maps) {
        return new Operations() {
            @Override
            public NDArray attention(int layer, Attention in) {
                NDManager manager = in.q_BHTD().getManager();
                int H = maps[layer].length;
                int T = IDS.length;
                var flat = new float[H * T * T];
                for (int i = 0; i < flat.length; i++) {
                    flat[i] = maps[layer][i / (T * T)][i / T % T][i % T];
                }
                NDArray weights = manager.create(flat, new ai.djl.ndarray.types.Shape(1, H, T, T));
                return weights.matMul(AttentionWeights.perQueryHead(in.v_BKSD(), in.q_BHTD()));
            }
        };
    }

    @Test
    void aWindowShowsInItsMap() {
        var window = dev.athanor.lm.model.LayerAttention.slidingWindow(
                3, dev.athanor.lm.model.LayerAttention.Positions.ROTARY);
        ModelConfig config = ModelConfig.llama(12, 16, 1, 2, 32)
                .attention(java.util.List.of(window))
                .build();
        try (LanguageModel model = LanguageModel.create(config, 3, Device.cpu())) {
            float[][] head = AttentionMaps.of(Inspectable.of(model), IDS)[0][1];
            assertThat(head[8][5]).isZero();
            assertThat(head[8][6]).isPositive();
        }
    }
}
