package dev.athanor.libtorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.internal.NDArrayEx;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.recurrent.RNN;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What DJL's blocks call, against loops in plain Java, with gradients. */
class LayerTest {
    private final NDManager manager = NDManager.newBaseManager("LibTorch");

    @AfterEach
    void close() {
        manager.close();
    }

    private NDArrayEx ex() {
        return manager.zeros(new Shape(1)).getNDArrayInternal();
    }

    private static NDArrayEx ex(NDArray array) {
        return array.getNDArrayInternal();
    }

    /** Direct convolution: x [N, C, H, W], w [O, C/groups, K, L]. */
    private static Ref convolve(Ref x, Ref w, Ref b, int stride, int pad, int dilation, int groups) {
        long kh = w.shape[2];
        long kw = w.shape[3];
        long oh = (x.shape[2] + 2L * pad - dilation * (kh - 1) - 1) / stride + 1;
        long ow = (x.shape[3] + 2L * pad - dilation * (kw - 1) - 1) / stride + 1;
        long perGroup = w.shape[0] / groups;
        return Ref.build(new long[] {x.shape[0], w.shape[0], oh, ow}, at -> {
            double sum = b.at(at[1]);
            long group = at[1] / perGroup;
            for (int c = 0; c < w.shape[1]; c++) {
                for (int i = 0; i < kh; i++) {
                    for (int j = 0; j < kw; j++) {
                        long h = at[2] * stride - pad + (long) i * dilation;
                        long v = at[3] * stride - pad + (long) j * dilation;
                        if (h >= 0 && v >= 0 && h < x.shape[2] && v < x.shape[3]) {
                            sum += w.at(at[1], c, i, j) * x.at(at[0], group * w.shape[1] + c, h, v);
                        }
                    }
                }
            }
            return sum;
        });
    }

    @Test
    void convolution() {
        Ref x = Ref.random(1, -1, 1, 2, 4, 6, 5);
        Ref w = Ref.random(2, -1, 1, 4, 2, 3, 2);
        Ref b = Ref.random(3, -1, 1, 4);
        Shape two = new Shape(2, 2);
        Function<NDArray[], NDArray> conv = in -> ex(in[0])
                .convolution(in[0], in[1], in[2], two, new Shape(1, 1), two, 2)
                .singletonOrThrow();
        Checks.same(
                "convolution",
                conv.apply(new NDArray[] {x.on(manager), w.on(manager), b.on(manager)}),
                convolve(x, w, b, 2, 1, 2, 2));
        Ref small = Ref.random(4, -1, 1, 1, 4, 4, 4);
        Checks.gradient("convolution", conv, small, w, b);
        NDArray line = manager.ones(new Shape(1, 1, 5));
        NDArray kernel = manager.ones(new Shape(1, 1, 3));
        assertThat(ex().convolution(line, kernel, null, new Shape(1), new Shape(0), new Shape(1), 1)
                        .head()
                        .toFloatArray())
                .containsExactly(3, 3, 3);
        assertThatThrownBy(() -> ex().convolution(
                                line,
                                manager.ones(new Shape(1, 7, 3)),
                                null,
                                new Shape(1),
                                new Shape(0),
                                new Shape(1),
                                1))
                .hasMessageContaining("convolution(float32(1, 1, 5), float32(1, 7, 3)");
    }

    /** A transposed convolution is the gradient of a convolution in its input. */
    @Test
    void deconvolution() {
        Ref x = Ref.random(1, -1, 1, 1, 2, 3, 3);
        Ref w = Ref.random(2, -1, 1, 2, 3, 2, 2);
        Ref expected = Ref.build(new long[] {1, 3, 6, 6}, at -> {
            double sum = 0;
            for (int c = 0; c < 2; c++) {
                sum += x.at(0, c, at[2] / 2, at[3] / 2) * w.at(c, at[1], at[2] % 2, at[3] % 2);
            }
            return sum;
        });
        Shape two = new Shape(2, 2);
        Function<NDArray[], NDArray> f = in -> ex(in[0])
                .deconvolution(in[0], in[1], null, two, new Shape(0, 0), new Shape(0, 0), new Shape(1, 1), 1)
                .head();
        Checks.same("deconvolution", f.apply(new NDArray[] {x.on(manager), w.on(manager)}), expected);
        Checks.gradient("deconvolution", f, x, w);
    }

    @Test
    void pooling() {
        Ref x = Ref.random(5, 0.1, 1, 2, 2, 4, 6);
        Shape two = new Shape(2, 2);
        Shape none = new Shape(0, 0);
        record Pool(String name, Function<NDArray, NDArray> op, Function<double[], Double> java) {}
        for (Pool pool : new Pool[] {
            new Pool(
                    "maxPool",
                    a -> ex(a).maxPool(two, two, none, false),
                    v -> java.util.Arrays.stream(v).max().orElseThrow()),
            new Pool(
                    "avgPool",
                    a -> ex(a).avgPool(two, two, none, false, true),
                    v -> java.util.Arrays.stream(v).average().orElseThrow()),
            new Pool(
                    "lpPool",
                    a -> ex(a).lpPool(2, two, two, none, false),
                    v -> Math.sqrt(java.util.Arrays.stream(v).map(y -> y * y).sum())),
        }) {
            Ref expected = Ref.build(
                    new long[] {2, 2, 2, 3},
                    at -> pool.java.apply(new double[] {
                        x.at(at[0], at[1], 2 * at[2], 2 * at[3]),
                        x.at(at[0], at[1], 2 * at[2], 2 * at[3] + 1),
                        x.at(at[0], at[1], 2 * at[2] + 1, 2 * at[3]),
                        x.at(at[0], at[1], 2 * at[2] + 1, 2 * at[3] + 1)
                    }));
            Checks.same(pool.name, pool.op.apply(x.on(manager)), expected);
            Checks.gradient(pool.name, in -> pool.op.apply(in[0]), Ref.random(6, 0.1, 1, 1, 1, 4, 4));
        }
        Ref flat = x.reshape(2, 2, 24);
        Checks.same(
                "globalMaxPool",
                ex(x.on(manager)).globalMaxPool(),
                flat.lanes(2, v ->
                                new double[] {java.util.Arrays.stream(v).max().orElseThrow()})
                        .reshape(2, 2));
        Checks.same(
                "globalAvgPool",
                ex(x.on(manager)).globalAvgPool(),
                flat.lanes(2, v -> new double[] {
                            java.util.Arrays.stream(v).average().orElseThrow()
                        })
                        .reshape(2, 2));
        Checks.same(
                "globalLpPool",
                ex(x.on(manager)).globalLpPool(3),
                flat.lanes(2, v -> new double[] {
                            Math.cbrt(java.util.Arrays.stream(v)
                                    .map(y -> y * y * y)
                                    .sum())
                        })
                        .reshape(2, 2));
        assertThat(ex(manager.ones(new Shape(1, 1, 4)))
                        .maxPool(new Shape(2), new Shape(2), new Shape(0), false)
                        .getShape())
                .isEqualTo(new Shape(1, 1, 2));
        assertThat(ex(manager.ones(new Shape(1, 1, 4, 4, 4)))
                        .avgPool(new Shape(2, 2, 2), new Shape(2, 2, 2), new Shape(0, 0, 0), true, true)
                        .getShape())
                .isEqualTo(new Shape(1, 1, 2, 2, 2));
    }

    @Test
    void normalization() {
        Ref x = Ref.random(7, -1, 2, 3, 4, 5);
        Ref gamma = Ref.random(8, 0.5, 1.5, 5);
        Ref beta = Ref.random(9, -1, 1, 5);
        Ref expected = Ref.zip(Ref.zip(x.lanes(2, v -> standard(v, 1e-5)), gamma, (a, b) -> a * b), beta, Double::sum);
        Function<NDArray[], NDArray> layer = in ->
                ex(in[0]).layerNorm(in[0], new Shape(5), in[1], in[2], 1e-5f).head();
        Checks.same(
                "layerNorm",
                layer.apply(new NDArray[] {x.on(manager), gamma.on(manager), beta.on(manager)}),
                expected,
                1e-7);
        Checks.gradient("layerNorm", layer, Ref.random(1, -1, 1, 2, 5), gamma, beta);
        Checks.same(
                "layerNorm", LtFunctions.layerNorm(x.on(manager), gamma.on(manager), beta.on(manager), 1e-5), expected);
        Ref rms = Ref.zip(
                x.lanes(2, v -> {
                    double scale = 1
                            / Math.sqrt(java.util.Arrays.stream(v)
                                            .map(y -> y * y)
                                            .average()
                                            .orElseThrow()
                                    + 1e-6);
                    return java.util.Arrays.stream(v).map(y -> y * scale).toArray();
                }),
                gamma,
                (a, b) -> a * b);
        Checks.same("rmsNorm", LtFunctions.rmsNorm(x.on(manager), gamma.on(manager), 1e-6), rms);
        Checks.gradient("rmsNorm", in -> LtFunctions.rmsNorm(in[0], in[1], 1e-6), Ref.random(1, -1, 1, 2, 5), gamma);
        for (int axis : new int[] {1, 2}) {
            NDArray mean = manager.zeros(new Shape(x.shape[axis]), DataType.FLOAT64);
            NDArray variance = manager.ones(new Shape(x.shape[axis]), DataType.FLOAT64);
            Ref byChannel = axis == 1
                    ? x.permute(1, 0, 2).reshape(4, 15)
                    : x.permute(2, 0, 1).reshape(5, 12);
            Ref normal = byChannel.lanes(1, v -> standard(v, 1e-5));
            Ref back = axis == 1
                    ? normal.reshape(4, 3, 5).permute(1, 0, 2)
                    : normal.reshape(5, 3, 4).permute(1, 2, 0);
            Checks.same(
                    "batchNorm",
                    ex().batchNorm(x.on(manager), mean, variance, null, null, axis, 0.9f, 1e-5f, true)
                            .head(),
                    back,
                    1e-7);
            Ref means = byChannel.lanes(1, v ->
                    new double[] {0.1 * java.util.Arrays.stream(v).average().orElseThrow()});
            Checks.same("running mean", mean, means.reshape(x.shape[axis]), 1e-7);
        }
        NDArray mean = manager.full(new Shape(4), 2f).toType(DataType.FLOAT64, false);
        NDArray variance = manager.full(new Shape(4), 4f).toType(DataType.FLOAT64, false);
        Checks.same(
                "batchNorm in evaluation",
                ex().batchNorm(x.on(manager), mean, variance, null, null, 1, 0.9f, 0, false)
                        .head(),
                x.map(v -> (v - 2) / 2));
    }

    private static double[] standard(double[] v, double epsilon) {
        double mean = java.util.Arrays.stream(v).average().orElseThrow();
        double variance = java.util.Arrays.stream(v)
                .map(y -> (y - mean) * (y - mean))
                .average()
                .orElseThrow();
        return java.util.Arrays.stream(v)
                .map(y -> (y - mean) / Math.sqrt(variance + epsilon))
                .toArray();
    }

    @Test
    void linearEmbeddingDropoutPrelu() {
        Ref x = Ref.random(1, -1, 1, 2, 3);
        Ref w = Ref.random(2, -1, 1, 4, 3);
        Ref b = Ref.random(3, -1, 1, 4);
        Ref expected = Ref.zip(Ref.matmul(x, w.permute(1, 0)), b, Double::sum);
        Checks.same(
                "linear",
                ex().linear(x.on(manager), w.on(manager), b.on(manager)).head(),
                expected);
        Checks.gradient("linear", in -> ex(in[0]).linear(in[0], in[1], in[2]).head(), x, w, b);
        NDArray indices = manager.create(new int[] {3, 0, 3}, new Shape(3, 1));
        Ref rows = Ref.build(new long[] {3, 1, 3}, at -> w.at(at[0] == 1 ? 0 : 3, at[2]));
        Checks.same(
                "embedding",
                ex().embedding(indices, w.on(manager), SparseFormat.DENSE).head(),
                rows);
        Checks.same(
                "embedding by floats",
                ex().embedding(indices.toType(DataType.FLOAT32, false), w.on(manager), SparseFormat.DENSE)
                        .head(),
                rows);
        Checks.gradient(
                "embedding", in -> LtFunctions.embedding(in[0].getManager().create(new long[] {1, 1, 2}), in[0]), w);
        assertThatThrownBy(() -> LtFunctions.embedding(manager.create(new long[] {4}), w.on(manager)))
                .isInstanceOf(ai.djl.engine.EngineException.class)
                .hasMessageContaining("embedding");
        Checks.same(
                "prelu",
                ex().prelu(x.on(manager), manager.create(new double[] {0.25})).head(),
                x.map(v -> v < 0 ? v / 4 : v));
        NDArray ones = manager.ones(new Shape(10_000));
        NDArray dropped = ex().dropout(ones, 0.25f, true).head();
        assertThat(dropped.mean().getFloat()).isBetween(0.97f, 1.03f);
        assertThat(dropped.eq(0).sum().getLong()).isBetween(2300L, 2700L);
        assertThat(ex().dropout(ones, 0.25f, false).head().contentEquals(ones)).isTrue();
    }

    @Test
    void gatedUnitsAndRotation() {
        Ref x = Ref.random(1, -2, 2, 2, 3, 8);
        Ref swish = Ref.build(new long[] {2, 3, 4}, at -> {
            double gate = x.at(at);
            return gate * ElementwiseTest.sigmoid(gate) * x.at(at[0], at[1], at[2] + 4);
        });
        Checks.same("swiGlu", LtFunctions.swiGlu(x.on(manager)), swish);
        Checks.gradient("swiGlu", in -> LtFunctions.swiGlu(in[0]), Ref.random(1, -2, 2, 2, 4));
        Ref gelu = Ref.build(new long[] {2, 3, 4}, at -> {
            double gate = x.at(at);
            return 0.5 * gate * (1 + ElementwiseTest.erf(gate / Math.sqrt(2))) * x.at(at[0], at[1], at[2] + 4);
        });
        Checks.same("geGlu", LtFunctions.geGlu(x.on(manager), false), gelu);
        NDArray[] table = LtFunctions.rotaryTable(x.on(manager), 5, 3, 8, 10_000);
        Ref rotated = Ref.build(x.shape, at -> {
            int i = (int) at[2] % 4;
            double angle = (5 + at[1]) * Math.pow(10_000, -2.0 * i / 8);
            double first = x.at(at[0], at[1], i);
            double second = x.at(at[0], at[1], i + 4);
            return at[2] < 4
                    ? first * Math.cos(angle) - second * Math.sin(angle)
                    : second * Math.cos(angle) + first * Math.sin(angle);
        });
        Checks.same("rotary", LtFunctions.rotary(x.on(manager), table[0], table[1]), rotated, 1e-6);
        Checks.gradient(
                "rotary",
                in -> {
                    NDArray[] t = LtFunctions.rotaryTable(in[0], 0, 3, 4, 10_000);
                    return LtFunctions.rotary(in[0], t[0], t[1]);
                },
                Ref.random(1, -2, 2, 2, 3, 4));
        Checks.same("heads", LtFunctions.mergeHeads(LtFunctions.splitHeads(x.on(manager), 2)), x);
        Checks.same(
                "splitHeads",
                LtFunctions.splitHeads(x.on(manager), 2),
                Ref.build(new long[] {2, 2, 3, 4}, at -> x.at(at[0], at[2], at[1] * 4 + at[3])));
    }

    /** One step of each cell by its equations; sequences and directions follow from them. */
    @Test
    void recurrence() {
        int in = 3;
        int hidden = 2;
        Ref x = Ref.random(1, -1, 1, 2, 4, in);
        for (int gates : new int[] {1, 3, 4}) {
            Ref wi = Ref.random(2, -1, 1, (long) gates * hidden, in);
            Ref wh = Ref.random(3, -1, 1, (long) gates * hidden, hidden);
            Ref bi = Ref.random(4, -1, 1, (long) gates * hidden);
            Ref bh = Ref.random(5, -1, 1, (long) gates * hidden);
            double[][][] expected = new double[2][4][];
            for (int b = 0; b < 2; b++) {
                double[] h = new double[hidden];
                double[] c = new double[hidden];
                for (int t = 0; t < 4; t++) {
                    h = cell(gates, x, b, t, wi, wh, bi, bh, h, c);
                    expected[b][t] = h.clone();
                }
            }
            Ref y = Ref.build(new long[] {2, 4, hidden}, at -> expected[(int) at[0]][(int) at[1]][(int) at[2]]);
            Function<NDArray[], NDArray> f = a -> {
                NDManager m = a[0].getManager();
                NDArray zero = m.zeros(new Shape(1, a[0].getShape().get(0), hidden), DataType.FLOAT64);
                NDList params = new NDList(a[1], a[2], a[3], a[4]);
                NDArrayEx e = ex(a[0]);
                return switch (gates) {
                    case 1 ->
                        e.rnn(a[0], zero, params, true, 1, RNN.Activation.TANH, 0, true, false, true)
                                .head();
                    case 3 ->
                        e.gru(a[0], zero, params, true, 1, 0, true, false, true).head();
                    default ->
                        e.lstm(a[0], new NDList(zero, zero), params, true, 1, 0, true, false, true)
                                .head();
                };
            };
            NDArray[] arrays = {x.on(manager), wi.on(manager), wh.on(manager), bi.on(manager), bh.on(manager)};
            Checks.same("recurrent with " + gates + " gates", f.apply(arrays), y);
            Checks.gradient("recurrent with " + gates + " gates", f, Ref.random(7, -1, 1, 1, 2, in), wi, wh, bi, bh);
        }
    }

    private static double[] cell(
            int gates, Ref x, int b, int t, Ref wi, Ref wh, Ref bi, Ref bh, double[] h, double[] c) {
        int n = h.length;
        double[] fromInput = new double[gates * n];
        double[] fromState = new double[gates * n];
        for (int g = 0; g < gates * n; g++) {
            fromInput[g] = bi.data[g];
            fromState[g] = bh.data[g];
            for (int k = 0; k < x.shape[2]; k++) {
                fromInput[g] += wi.at(g, k) * x.at(b, t, k);
            }
            for (int k = 0; k < n; k++) {
                fromState[g] += wh.at(g, k) * h[k];
            }
        }
        double[] next = new double[n];
        for (int i = 0; i < n; i++) {
            if (gates == 1) {
                next[i] = Math.tanh(fromInput[i] + fromState[i]);
            } else if (gates == 3) {
                double r = ElementwiseTest.sigmoid(fromInput[i] + fromState[i]);
                double z = ElementwiseTest.sigmoid(fromInput[n + i] + fromState[n + i]);
                double candidate = Math.tanh(fromInput[2 * n + i] + r * fromState[2 * n + i]);
                next[i] = (1 - z) * candidate + z * h[i];
            } else {
                double input = ElementwiseTest.sigmoid(fromInput[i] + fromState[i]);
                double forget = ElementwiseTest.sigmoid(fromInput[n + i] + fromState[n + i]);
                double candidate = Math.tanh(fromInput[2 * n + i] + fromState[2 * n + i]);
                double output = ElementwiseTest.sigmoid(fromInput[3 * n + i] + fromState[3 * n + i]);
                c[i] = forget * c[i] + input * candidate;
                next[i] = output * Math.tanh(c[i]);
            }
        }
        return next;
    }

    @Test
    void images() {
        NDArray image = manager.arange(24f).reshape(2, 4, 3);
        assertThat(ex(image).resize(4, 2, 0).contentEquals(image)).isTrue();
        assertThat(ex(image).resize(2, 1, 2).getShape()).isEqualTo(new Shape(1, 2, 3));
        Ref areas = Ref.build(
                new long[] {1, 2, 3},
                at -> (2 * at[1] + 2 * at[1] + 1 + 2 * at[1] + 4 + 2 * at[1] + 5) / 4.0 * 3 + at[2]);
        Checks.same("area", ex(image).resize(2, 1, 2), areas, 1e-5);
        assertThat(ex(image.toType(DataType.UINT8, false)).resize(8, 4, 1).getDataType())
                .isEqualTo(DataType.UINT8);
        assertThat(ex(image).toTensor().getShape()).isEqualTo(new Shape(3, 2, 4));
        assertThat(ex(image).crop(1, 0, 2, 2).getShape()).isEqualTo(new Shape(2, 2, 3));
        NDArray flipped = ex(image).randomFlipLeftRight();
        assertThat(flipped.contentEquals(image) || flipped.contentEquals(image.flip(1)))
                .isTrue();
        NDArray top = ex(image).randomFlipTopBottom();
        assertThat(top.contentEquals(image) || top.contentEquals(image.flip(0))).isTrue();
        NDArray bright = ex(image).randomBrightness(0.5f).div(image.maximum(1e-3));
        assertThat(bright.get("1, 1, 1").getFloat())
                .isCloseTo(bright.get("0, 2, 2").getFloat(), org.assertj.core.data.Offset.offset(1e-4f));
        NDArray gray = manager.full(new Shape(2, 2, 3), 100f);
        assertThat(ex(gray).randomHue(0.3f).allClose(gray, 0.02, 0, false)).isTrue();
        assertThat(ex(gray).randomColorJitter(0, 0.5f, 0.5f, 0).allClose(gray, 1e-3, 0, false))
                .isTrue();
    }

    /** Shrinking by two, a triangle of twice the width weighs the four pixels next to a new one by 1, 3, 3 and 1. */
    @Test
    void bilinearResizingIsAntialiased() {
        NDArray row = manager.create(new float[] {0, 8, 16, 0, 0, 24, 8, 8}, new Shape(1, 8, 1));
        NDArray half = ex(row).resize(4, 1, 1);
        assertThat(half.getShape()).isEqualTo(new Shape(1, 4, 1));
        assertThat(half.get(":, 1:3").toFloatArray()).containsExactly(new float[] {7, 10}, within(1e-4f));
        assertThat(ex(row).resize(16, 1, 1).get("0, 1:3, 0").toFloatArray())
                .containsExactly(new float[] {2, 6}, within(1e-4f));
        assertThat(ex(row).resize(4, 1, 3).getShape()).isEqualTo(new Shape(1, 4, 1));
    }

    /** DJL's block shapes the weight [filters, inputs / groups, ...]. */
    @Test
    void transposedConvolutionOfDjlsBlock() {
        for (int groups : new int[] {1, 2}) {
            Ref x = Ref.random(1, -1, 1, 1, 2, 3);
            Ref w = Ref.random(2, -1, 1, 6, 2 / groups, 2);
            NDArray y = ex().deconvolution(
                            x.on(manager),
                            w.on(manager),
                            null,
                            new Shape(1),
                            new Shape(0),
                            new Shape(0),
                            new Shape(1),
                            groups)
                    .head();
            Checks.same("groups " + groups, y, Ref.build(new long[] {1, 6, 4}, at -> {
                double sum = 0;
                int perGroup = 2 / groups;
                int group = (int) (at[1] / (6 / groups));
                for (int c = 0; c < perGroup; c++) {
                    for (int k = 0; k < 2; k++) {
                        long from = at[2] - k;
                        if (from >= 0 && from < 3) {
                            sum += x.at(0, (long) group * perGroup + c, from) * w.at(at[1], c, k);
                        }
                    }
                }
                return sum;
            }));
        }
    }
}
