package dev.athanor.lm.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.athanor.lm.Architectures;
import dev.athanor.lm.Devices;
import dev.athanor.lm.LanguageModel;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Through one layer of each kind a position sees the positions of the pattern, all of them and no others. */
class VisibilityTest {

    private static final int T = 16;

    static Stream<Arguments> layers() {
        return Architectures.all().flatMap(a -> {
            var config = (ModelConfig) a.get()[1];
            return config.attention().stream()
                    .map(attention -> config.toBuilder()
                            .layers(1)
                            .distinctLayers(1)
                            .rotaryScaling(RotaryScaling.NONE)
                            .experts(null)
                            .attention(java.util.List.of(attention))
                            .initializerRange(0.08)
                            .build())
                    .map(layer -> Arguments.of(a.get()[0] + " " + layer.attention(0), layer));
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("layers")
    void aPositionSeesWhatThePatternShowsItAndNothingElse(String name, ModelConfig config) {
        LayerAttention attention = config.attention(0);
        boolean decoder = config.stack() == ModelConfig.Stack.DECODER;
        boolean[][] seen = seen(config);
        for (int t = 0; t < T; t++) {
            var byChance = new TreeSet<Integer>();
            for (int s = 0; s < T; s++) {
                boolean later = decoder && s > t;
                boolean shown = !later && (s == t || shown(attention, t, s));
                if (attention.kind() == LayerAttention.Kind.BIGBIRD && seen[t][s] && !shown && !later) {
                    byChance.add(s);
                } else {
                    assertThat(seen[t][s]).as("position %d sees %d", t, s).isEqualTo(shown);
                }
            }
            assertThat(byChance).hasSizeLessThanOrEqualTo(attention.randoms());
        }
    }

    /** Without a BigBird's random positions. */
    private static boolean shown(LayerAttention attention, int t, int s) {
        boolean near = Math.abs(t - s) < attention.window();
        boolean global = t < attention.globals() || s < attention.globals();
        return attention.kind() == LayerAttention.Kind.FULL || near || global;
    }

    /** For each position, whether its hidden state is another when the token at each position is. */
    private static boolean[][] seen(ModelConfig config) {
        var seen = new boolean[T][T];
        try (LanguageModel model = LanguageModel.create(config, 3, Device.cpu())) {
            long[] ids = new Random(2).longs(T, 0, config.vocabularySize()).toArray();
            float[] before = hidden(model, ids);
            for (int s = 0; s < T; s++) {
                long[] other = ids.clone();
                other[s] = (other[s] + 1) % config.vocabularySize();
                float[] after = hidden(model, other);
                int C = config.width();
                for (int t = 0; t < T; t++) {
                    seen[t][s] = !Arrays.equals(before, t * C, (t + 1) * C, after, t * C, (t + 1) * C);
                }
            }
        }
        return seen;
    }

    private static float[] hidden(LanguageModel model, long[] ids) {
        try (NDManager manager = Devices.newManager(Device.cpu())) {
            return model.transformer()
                    .hidden(manager.create(ids, new Shape(1, T)), false)
                    .toFloatArray();
        }
    }
}
