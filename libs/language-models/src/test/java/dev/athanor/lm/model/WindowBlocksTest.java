package dev.athanor.lm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.athanor.libtorch.Autograd;
import dev.athanor.libtorch.RngState;
import dev.athanor.lm.Devices;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.inspect.GradientCheck;
import dev.athanor.lm.model.LayerAttention.Positions;
import dev.athanor.lm.model.ModelConfig.Stack;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What must hold of windows by blocks beside being equal to dense scores, and when they are taken. */
class WindowBlocksTest {

    private static final int T = 261;
    private static final int V = 12;

    static Stream<ModelConfig> configs() {
        return Stream.of(
                config(Stack.DECODER, LayerAttention.slidingWindow(7, Positions.ROTARY)),
                config(Stack.DECODER, LayerAttention.slidingWindow(7, Positions.ALIBI)),
                config(Stack.DECODER, LayerAttention.slidingWindow(34, Positions.RELATIVE)),
                config(Stack.DECODER, LayerAttention.longformer(7, 3, Positions.ROTARY)),
                config(Stack.ENCODER, LayerAttention.slidingWindow(7, Positions.RELATIVE)),
                config(Stack.ENCODER, LayerAttention.longformer(7, 3, Positions.NONE)));
    }

    private static ModelConfig config(Stack stack, LayerAttention attention) {
        return ModelConfig.llama(V, T, 1, 2, 16)
                .stack(stack)
                .keyValueHeads(1)
                .feedForwardWidth(16)
                .initializerRange(0.2)
                .attention(List.of(attention))
                .build();
    }

    /** To the bit, in bfloat16 with recorded gradients as in inference, which have kernels of their own. */
    @ParameterizedTest
    @MethodSource("configs")
    void aPositionSeesWhatThePatternShowsItAndNothingElse(ModelConfig config) {
        var mask = new AttentionMask(config, config.attention(0));
        assertThat(WindowBlocks.of(config, config.attention(0), T)).isNotNull();
        long[] ids = ids();
        for (DataType type : List.of(DataType.FLOAT32, DataType.BFLOAT16)) {
            float[] before = hidden(config, type, ids);
            // The edges of blocks, of the sequence and of the global positions, and places between.
            for (int s : new int[] {0, 2, 3, 6, 31, 32, 50, 63, 64, 100, 160, 255, 256, 260}) {
                long[] other = ids.clone();
                other[s] = (other[s] + 1) % V;
                float[] after = hidden(config, type, other);
                int C = config.width();
                for (int t = 0; t < T; t++) {
                    boolean same = Arrays.equals(before, t * C, (t + 1) * C, after, t * C, (t + 1) * C);
                    if (!mask.sees(t, s)) {
                        assertThat(same)
                                .as("%s: position %d sees %d", type, t, s)
                                .isTrue();
                    } else if (type == DataType.FLOAT32) {
                        assertThat(same).as("position %d sees %d", t, s).isFalse();
                    }
                }
            }
        }
    }

    private static float[] hidden(ModelConfig config, DataType type, long[] ids) {
        try (LanguageModel model = LanguageModel.create(config, 3, Device.cpu());
                NDManager manager = Devices.newManager(Device.cpu())) {
            Transformer transformer = model.transformer(manager, type);
            NDArray ids_BT = manager.create(ids, new Shape(1, T));
            if (type == DataType.FLOAT32) {
                return transformer.hidden(ids_BT, false).toFloatArray();
            }
            try (Autograd.Scope recording = Autograd.record()) {
                transformer.weights().values().forEach(w -> w.setRequiresGradient(true));
                var input = new Transformer.Input(ids_BT, null, null, null, true, true, null);
                return transformer
                        .forward(input)
                        .hidden_BTC()
                        .toType(DataType.FLOAT32, false)
                        .toFloatArray();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("configs")
    void gradientsAreThoseOfFiniteDifferences(ModelConfig config) {
        assertThat(GradientCheck.of(config, 2, T, 5))
                .isNotEmpty()
                .allSatisfy(c -> assertThat(c.error()).as(c.toString()).isLessThan(GradientCheck.TOLERANCE));
    }

    @ParameterizedTest
    @MethodSource("configs")
    void recomputedLayersHaveTheSameGradients(ModelConfig config) {
        ModelConfig random = config.toBuilder().dropout(0.2).build();
        float[][] kept = gradients(random, false);
        float[][] again = gradients(random, true);
        for (int i = 0; i < kept.length; i++) {
            assertThat(again[i]).containsExactly(kept[i], within(1e-6f));
        }
    }

    private static float[][] gradients(ModelConfig config, boolean recompute) {
        RngState.seed(8);
        try (LanguageModel model = LanguageModel.create(config, 3, Device.cpu());
                NDManager manager = Devices.newManager(Device.cpu());
                Autograd.Scope recording = Autograd.record()) {
            model.parameters().values().forEach(p -> p.setRequiresGradient(true));
            NDArray ids_BT = manager.create(ids(), new Shape(1, T));
            var input = new Transformer.Input(ids_BT, null, null, null, true, recompute, null);
            Autograd.backward(
                    model.transformer().forward(input).hidden_BTC().square().mean());
            return model.parameters().values().stream()
                    .map(p -> p.getGradient().toFloatArray())
                    .toArray(float[][]::new);
        }
    }

    /** A prompt is computed by blocks, tokens after it over the cache. */
    @ParameterizedTest
    @MethodSource("configs")
    void aPromptFillsTheCache(ModelConfig config) {
        if (config.stack() == Stack.ENCODER) {
            return;
        }
        try (LanguageModel model = LanguageModel.create(config, 3, Device.cpu());
                NDManager manager = Devices.newManager(Device.cpu());
                KeyValueCache cache = new KeyValueCache(manager)) {
            int C = config.width();
            float[] whole = hidden(config, DataType.FLOAT32, ids());
            for (int[] part : new int[][] {{0, 250}, {250, 251}, {251, 255}, {255, T}}) {
                long[] ids = Arrays.copyOfRange(ids(), part[0], part[1]);
                NDArray ids_BT = manager.create(ids, new Shape(1, ids.length));
                float[] hidden = model.transformer()
                        .forward(new Transformer.Input(ids_BT, null, null, false, cache))
                        .hidden_BTC()
                        .toFloatArray();
                float[] expected = Arrays.copyOfRange(whole, part[0] * C, part[1] * C);
                assertThat(hidden).containsExactly(expected, within(2e-4f));
            }
        }
    }

    /** Values that are the unit vectors show the weights themselves. */
    @Test
    void dropoutLeavesOutWeightsAndEnlargesTheOthers() {
        int length = 176;
        double rate = 0.25;
        ModelConfig config = ModelConfig.llama(V, length, 1, 1, length)
                .attention(List.of(LayerAttention.slidingWindow(20, Positions.NONE)))
                .dropout(rate)
                .build();
        float[] all = weights(config, false, 1);
        float[] some = weights(config, true, 1);
        assertThat(weights(config, true, 1)).isEqualTo(some);
        assertThat(weights(config, true, 2)).isNotEqualTo(some);
        int seen = 0;
        int left = 0;
        for (int i = 0; i < all.length; i++) {
            boolean visible = new AttentionMask(config, config.attention(0)).sees(i / length, i % length);
            assertThat(all[i] > 0).isEqualTo(visible);
            if (some[i] == 0) {
                left += visible ? 1 : 0;
            } else {
                assertThat(some[i]).isCloseTo((float) (all[i] / (1 - rate)), within(1e-5f));
            }
            seen += visible ? 1 : 0;
        }
        assertThat((double) left / seen).isCloseTo(rate, within(0.03));
    }

    /** [T, T]. */
    private static float[] weights(ModelConfig config, boolean training, long seed) {
        int length = config.context();
        LayerAttention attention = config.attention(0);
        WindowBlocks blocks = WindowBlocks.of(config, attention, length);
        try (NDManager manager = Devices.newManager(Device.cpu())) {
            NDArray ids_BT = manager.zeros(new Shape(1, length), DataType.INT64);
            var pass = new Pass(config, Transformer.Input.of(ids_BT, training), DataType.FLOAT32);
            NDArray q_BTC = random(manager, length, 3);
            NDArray kv_BTE =
                    random(manager, length, 4).concat(manager.eye(length).expandDims(0), 2);
            RngState.seed(seed);
            return new WindowAttention(config, Operations.PLAIN, 0, attention, blocks, null, 0.1)
                    .of(q_BTC, kv_BTE, pass)
                    .toFloatArray();
        }
    }

    private static NDArray random(NDManager manager, int length, long seed) {
        var random = new Random(seed);
        var values = new float[length * length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return manager.create(values, new Shape(1, length, length));
    }

    @Test
    void shortSequencesAndOtherPatternsAreDense() {
        assertThat(blocks(Stack.DECODER, LayerAttention.slidingWindow(129, Positions.ROTARY), 639))
                .isNull();
        assertThat(blocks(Stack.DECODER, LayerAttention.slidingWindow(129, Positions.ROTARY), 640))
                .isEqualTo(new WindowBlocks(640, 128, 1, 0, 0));
        assertThat(blocks(Stack.DECODER, LayerAttention.slidingWindow(256, Positions.ROTARY), 960))
                .isEqualTo(new WindowBlocks(960, 128, 2, 0, 0));
        assertThat(blocks(Stack.ENCODER, LayerAttention.slidingWindow(129, Positions.ALIBI), 960))
                .isEqualTo(new WindowBlocks(960, 128, 1, 1, 0));
        assertThat(blocks(Stack.DECODER, LayerAttention.longformer(1, 8, Positions.ROTARY), 100))
                .isEqualTo(new WindowBlocks(100, 32, 0, 0, 8));
        for (LayerAttention dense : List.of(
                LayerAttention.full(Positions.ROTARY),
                LayerAttention.slidingWindow(Integer.MAX_VALUE, Positions.ROTARY),
                LayerAttention.longformer(8, Integer.MAX_VALUE, Positions.ROTARY),
                LayerAttention.slidingWindow(8, Positions.DISENTANGLED),
                LayerAttention.longformer(8, 1, Positions.ALIBI),
                LayerAttention.longformer(8, 1, Positions.RELATIVE),
                LayerAttention.bigBird(8, 1, 1, Positions.ROTARY))) {
            assertThat(blocks(Stack.DECODER, dense, 4096)).as(dense.toString()).isNull();
        }
    }

    private static WindowBlocks blocks(Stack stack, LayerAttention attention, int length) {
        ModelConfig config = ModelConfig.llama(V, 4096, 1, 2, 16).stack(stack).build();
        return WindowBlocks.of(config, attention, length);
    }

    @Test
    void toolsThatWatchAreShownAllScores() {
        ModelConfig config = config(Stack.DECODER, LayerAttention.slidingWindow(7, Positions.ROTARY));
        List<Shape> shown = new ArrayList<>();
        var watching = new Operations() {
            @Override
            public NDArray attention(int layer, Attention in) {
                shown.add(in.bias().getShape());
                return Operations.super.attention(layer, in);
            }
        };
        try (LanguageModel model = LanguageModel.create(config, 3, Device.cpu());
                NDManager manager = Devices.newManager(Device.cpu())) {
            new Transformer(config, model.parameters(), watching)
                    .hidden(manager.create(ids(), new Shape(1, T)), false)
                    .close();
        }
        assertThat(shown).containsExactly(new Shape(1, 1, T, T));
    }

    private static long[] ids() {
        return new Random(2).longs(T, 0, V).toArray();
    }
}
