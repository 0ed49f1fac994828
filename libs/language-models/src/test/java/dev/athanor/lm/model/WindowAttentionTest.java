package dev.athanor.lm.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.athanor.libtorch.Autograd;
import dev.athanor.lm.Devices;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.model.LayerAttention.Positions;
import dev.athanor.lm.model.ModelConfig.Stack;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Windows by blocks against dense scores, which a model with other operations than the plain ones computes. */
class WindowAttentionTest {

    private static final int B = 2;
    private static final int V = 12;
    private static final Operations WATCHED = new Operations() {};

    /**
     * @param lengths of the two sequences, or null
     * @param documents whether each sequence holds several, of other lengths in each
     */
    private record Case(ModelConfig config, int length, int[] lengths, boolean documents) {
        @Override
        public String toString() {
            return "%s T %d, %s, %d/%d heads%s%s"
                    .formatted(
                            config.stack(),
                            length,
                            config.attention(),
                            config.heads(),
                            config.keyValueHeads(),
                            lengths == null ? "" : ", padded " + Arrays.toString(lengths),
                            documents ? ", documents" : "");
        }
    }

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        int[][] sizes = {{160, 2}, {171, 33}, {200, 17}, {257, 1}, {250, 40}};
        int turn = 0;
        for (int[] size : sizes) {
            for (Positions positions : List.of(Positions.ROTARY, Positions.NONE, Positions.ALIBI, Positions.RELATIVE)) {
                for (Stack stack : Stack.values()) {
                    int T = stack == Stack.DECODER ? size[0] : size[0] * 3 / 2;
                    boolean padded = stack == Stack.ENCODER && turn % 3 != 0;
                    ModelConfig config =
                            config(stack, T, 4 >> turn % 3, LayerAttention.slidingWindow(size[1], positions));
                    cases.add(new Case(config, T, padded ? new int[] {T - 50, T} : null, turn % 5 < 2));
                    turn++;
                }
            }
        }
        for (int[] size : new int[][] {{170, 17, 3}, {211, 20, 1}, {300, 9, 40}, {165, 5, 0}}) {
            for (Positions positions : List.of(Positions.ROTARY, Positions.NONE)) {
                for (Stack stack : Stack.values()) {
                    int T = stack == Stack.DECODER ? size[0] : size[0] * 3 / 2;
                    boolean padded = stack == Stack.ENCODER && turn % 3 != 0;
                    ModelConfig config =
                            config(stack, T, 4 >> turn % 3, LayerAttention.longformer(size[1], size[2], positions));
                    cases.add(new Case(config, T, padded ? new int[] {T - 50, T} : null, turn % 5 < 2));
                    turn++;
                }
            }
        }
        return cases.stream();
    }

    private static ModelConfig config(Stack stack, int context, int keyValueHeads, LayerAttention attention) {
        return ModelConfig.llama(V, context, 2, 4, 32)
                .stack(stack)
                .keyValueHeads(keyValueHeads)
                .feedForwardWidth(32)
                .initializerRange(0.2)
                .attention(List.of(attention))
                .build();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void blocksGiveTheValuesAndGradientsOfDenseScores(Case c) {
        assertThat(WindowBlocks.of(c.config, c.config.attention(0), c.length)).isNotNull();
        try (LanguageModel model = LanguageModel.create(c.config, 3, Device.cpu())) {
            assertClose(model, c, DataType.FLOAT64, 1e-10);
            if (c.length % 2 == 1) {
                assertClose(model, c, DataType.FLOAT32, 1e-5);
            }
        }
    }

    /** Hidden states, then the gradients of all weights; each relative to its largest value. */
    private static void assertClose(LanguageModel model, Case c, DataType type, double tolerance) {
        Map<String, double[]> dense = results(model, c, type, true);
        Map<String, double[]> blocks = results(model, c, type, false);
        assertThat(blocks.keySet()).isEqualTo(dense.keySet());
        dense.forEach((name, expected) -> {
            double size = Arrays.stream(expected).map(Math::abs).max().orElse(0);
            // A window of one position has no distances to learn of.
            assertThat(size > 0 || name.endsWith("relative.weight")).as(name).isTrue();
            assertThat(largestDifference(blocks.get(name), expected))
                    .as(name)
                    .isLessThanOrEqualTo(tolerance * Math.max(1, size));
        });
    }

    /** Not an array assertion, which would take minutes to put a difference of thousands of values into words. */
    private static double largestDifference(double[] a, double[] b) {
        assertThat(a).hasSameSizeAs(b);
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = Math.abs(a[i] - b[i]);
            // No number is no agreement.
            largest = difference >= 0 ? Math.max(largest, difference) : Double.POSITIVE_INFINITY;
        }
        return largest;
    }

    private static Map<String, double[]> results(LanguageModel model, Case c, DataType type, boolean dense) {
        try (NDManager manager = Devices.newManager(Device.cpu());
                Autograd.Scope recording = Autograd.record()) {
            var weights = new LinkedHashMap<String, NDArray>();
            model.parameters().forEach((name, array) -> {
                NDArray copy = array.toType(type, true);
                copy.attach(manager);
                copy.setRequiresGradient(true);
                weights.put(name, copy);
            });
            var transformer = dense
                    ? new Transformer(model.config(), weights, WATCHED)
                    : new Transformer(model.config(), weights);
            NDArray hidden_BTC = transformer.forward(input(manager, c)).hidden_BTC();
            NDArray seen_BTC = hidden_BTC.mul(direction(manager, c, type));
            Autograd.backward(seen_BTC.sum());
            var results = new LinkedHashMap<String, double[]>();
            results.put("hidden", doubles(seen_BTC));
            weights.forEach((name, weight) -> results.put(name, doubles(weight.getGradient())));
            return results;
        }
    }

    private static double[] doubles(NDArray array) {
        return array.toType(DataType.FLOAT64, false).toDoubleArray();
    }

    private static Transformer.Input input(NDManager manager, Case c) {
        NDArray ids_BT =
                manager.create(new Random(2).longs((long) B * c.length, 0, V).toArray(), new Shape(B, c.length));
        return new Transformer.Input(
                ids_BT, c.lengths, null, c.documents ? documents(c.length) : null, true, false, null);
    }

    private static int[] documents(int length) {
        var documents_BT = new int[B * length];
        for (int t = 0; t < length; t++) {
            documents_BT[t] = t / 45;
            documents_BT[length + t] = t < 7 ? 0 : 1 + t / 100;
        }
        return documents_BT;
    }

    /** Random weights of the hidden values; 0 in the padding, where nobody looks. */
    private static NDArray direction(NDManager manager, Case c, DataType type) {
        int C = c.config.width();
        var random = new Random(5);
        var values = new float[B * c.length * C];
        for (int i = 0; i < values.length; i++) {
            int t = i / C % c.length;
            boolean there = c.lengths == null || t < c.lengths[i / C / c.length];
            values[i] = there ? (float) random.nextGaussian() / 10 : 0;
        }
        return manager.create(values, new Shape(B, c.length, C)).toType(type, false);
    }
}
