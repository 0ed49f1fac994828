package dev.athanor.libtorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reductions, scans and orders against plain Java. */
class ReductionTest {
    interface OverAxes {
        NDArray apply(NDArray array, int[] axes, boolean keep);
    }

    record Reduction(
            String name,
            OverAxes op,
            BiFunction<NDArray, Void, NDArray> whole,
            ToDoubleFunction<double[]> java,
            boolean smooth) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Reduction> reductions() {
        return Stream.of(
                new Reduction(
                        "sum",
                        NDArray::sum,
                        (a, v) -> a.sum(),
                        x -> Arrays.stream(x).sum(),
                        true),
                new Reduction(
                        "mean",
                        NDArray::mean,
                        (a, v) -> a.mean(),
                        x -> Arrays.stream(x).average().orElseThrow(),
                        true),
                new Reduction(
                        "prod",
                        NDArray::prod,
                        (a, v) -> a.prod(),
                        x -> Arrays.stream(x).reduce(1, (p, q) -> p * q),
                        true),
                new Reduction(
                        "max",
                        NDArray::max,
                        (a, v) -> a.max(),
                        x -> Arrays.stream(x).max().orElseThrow(),
                        true),
                new Reduction(
                        "min",
                        NDArray::min,
                        (a, v) -> a.min(),
                        x -> Arrays.stream(x).min().orElseThrow(),
                        true),
                new Reduction(
                        "norm",
                        (a, axes, keep) -> a.norm(axes, keep),
                        (a, v) -> a.norm(),
                        x -> Math.sqrt(Arrays.stream(x).map(y -> y * y).sum()),
                        true));
    }

    @ParameterizedTest
    @MethodSource("reductions")
    void overOneAxisSeveralAxesAndAll(Reduction r) {
        try (NDManager manager = NDManager.newBaseManager("LibTorch")) {
            for (DataType type : new DataType[] {DataType.FLOAT64, DataType.FLOAT32, DataType.BFLOAT16}) {
                Ref x = Ref.of(Ref.random(11, 0.5, 1.5, 2, 3, 4).on(manager, type));
                for (int axis = 0; axis < 3; axis++) {
                    Ref kept = x.lanes(axis, lane -> new double[] {r.java.applyAsDouble(lane)});
                    Checks.same(r.name, r.op.apply(x.on(manager, type), new int[] {axis}, true), kept);
                    Checks.same(r.name, r.op.apply(x.strided(manager, type), new int[] {axis - 3}, true), kept);
                    Ref dropped = kept.reshape(Checks.without(x.shape, axis));
                    Checks.same(r.name, r.op.apply(x.on(manager, type), new int[] {axis}, false), dropped);
                }
                Ref joined =
                        x.permute(1, 0, 2).reshape(3, 8).lanes(1, lane -> new double[] {r.java.applyAsDouble(lane)});
                Checks.same(r.name, r.op.apply(x.on(manager, type), new int[] {0, -1}, false), joined.reshape(3));
                double all = r.java.applyAsDouble(x.data);
                Checks.same(r.name, r.whole.apply(x.on(manager, type), null), new Ref(new long[0], new double[] {all}));
            }
        }
        Checks.gradient(r.name, in -> r.op.apply(in[0], new int[] {1}, false), Ref.random(12, 0.5, 1.5, 2, 3, 2));
        Checks.gradient(r.name, in -> r.whole.apply(in[0], null), Ref.random(13, 0.5, 1.5, 2, 3));
    }

    @Test
    void emptyArrays() {
        try (NDManager manager = NDManager.newBaseManager("LibTorch")) {
            NDArray empty = manager.zeros(new Shape(0, 3));
            assertThat(empty.sum().getFloat()).isZero();
            assertThat(empty.prod().getFloat()).isEqualTo(1f);
            assertThat(empty.mean().getFloat()).isNaN();
            assertThat(empty.sum(new int[] {0}).toFloatArray()).containsExactly(0, 0, 0);
            assertThatThrownBy(empty::max)
                    .isInstanceOf(ai.djl.engine.EngineException.class)
                    .hasMessageContaining("(0, 3)");
            assertThatThrownBy(empty::argMax).isInstanceOf(RuntimeException.class);
            assertThat(empty.argMax(1).getShape()).isEqualTo(new Shape(0));
        }
    }

    @Test
    void scans() {
        try (NDManager manager = NDManager.newBaseManager("LibTorch")) {
            Ref x = Ref.random(5, 0.5, 1.5, 2, 3, 4);
            for (int axis = 0; axis < 3; axis++) {
                Ref sums = x.lanes(axis, ReductionTest::running);
                Checks.same("cumSum", x.on(manager).cumSum(axis), sums);
                Checks.same("cumSum", x.strided(manager, DataType.FLOAT64).cumSum(axis - 3), sums);
                Ref products = x.lanes(axis, lane -> {
                    double[] out = lane.clone();
                    for (int i = 1; i < out.length; i++) {
                        out[i] *= out[i - 1];
                    }
                    return out;
                });
                Checks.same("cumProd", x.on(manager).cumProd(axis), products);
                Checks.same("diff", x.on(manager).diff(1, axis), x.lanes(axis, lane -> {
                    double[] out = new double[lane.length - 1];
                    for (int i = 0; i < out.length; i++) {
                        out[i] = lane[i + 1] - lane[i];
                    }
                    return out;
                }));
            }
            Checks.same("cumSum of all", x.on(manager).cumSum(), x.reshape(24).lanes(0, ReductionTest::running));
            assertThat(manager.create(new int[] {1, 2})
                            .cumProd(0, DataType.FLOAT64)
                            .getDataType())
                    .isEqualTo(DataType.FLOAT64);
        }
        Checks.gradient("cumSum", in -> in[0].cumSum(1), Ref.random(6, 0.5, 1.5, 2, 3));
        Checks.gradient("cumProd", in -> in[0].cumProd(1), Ref.random(6, 0.5, 1.5, 2, 3));
    }

    private static double[] running(double[] lane) {
        double[] out = lane.clone();
        for (int i = 1; i < out.length; i++) {
            out[i] += out[i - 1];
        }
        return out;
    }

    @Test
    void ordersAndPositions() {
        try (NDManager manager = NDManager.newBaseManager("LibTorch")) {
            Ref x = Ref.random(21, -1, 1, 3, 4);
            for (int axis = 0; axis < 2; axis++) {
                Checks.same(
                        "sort",
                        x.on(manager).sort(axis),
                        x.lanes(axis, lane -> Arrays.stream(lane).sorted().toArray()));
                Checks.same("argSort", x.on(manager).argSort(axis), x.lanes(axis, lane -> order(lane, true)));
                Checks.same(
                        "argSort down", x.on(manager).argSort(axis, false), x.lanes(axis, lane -> order(lane, false)));
                Ref highest = x.lanes(axis, lane -> new double[] {order(lane, false)[0]});
                Checks.same("argMax", x.on(manager).argMax(axis), highest.reshape(Checks.without(x.shape, axis)));
                Ref lowest = x.lanes(axis, lane -> new double[] {order(lane, true)[0]});
                Checks.same("argMin", x.on(manager).argMin(axis - 2), lowest.reshape(Checks.without(x.shape, axis)));
                NDList top = x.on(manager).topK(2, axis);
                Checks.same("topK", top.get(0), x.lanes(axis, lane -> {
                    double[] o = order(lane, false);
                    return new double[] {lane[(int) o[0]], lane[(int) o[1]]};
                }));
                Checks.same("topK positions", top.get(1), x.lanes(axis, lane -> Arrays.copyOf(order(lane, false), 2)));
                Checks.same(
                        "median",
                        x.on(manager).median(new int[] {axis}),
                        x.lanes(axis, lane -> new double[] {
                                    Arrays.stream(lane).sorted().toArray()[(lane.length - 1) / 2]
                                })
                                .reshape(Checks.without(x.shape, axis)));
                Checks.same(
                        "percentile",
                        x.on(manager).percentile(30, new int[] {axis}),
                        x.lanes(axis, lane -> new double[] {percentile(lane, 0.3)})
                                .reshape(Checks.without(x.shape, axis)));
            }
            Checks.same(
                    "percentile of all",
                    x.on(manager).percentile(75, new int[] {0, 1}),
                    new Ref(new long[0], new double[] {percentile(x.data, 0.75)}));
            assertThat(x.on(manager).argMax().getLong()).isEqualTo((long) order(x.data, false)[0]);
            assertThat(manager.create(5f).argMax().getLong()).isZero();
            NDList unique = manager.create(new float[] {3, 1, 3, 2}).unique(null, true, true, true);
            assertThat(unique.get(0).toFloatArray()).containsExactly(1, 2, 3);
            assertThat(unique.get(1).toLongArray()).containsExactly(2, 0, 2, 1);
            assertThat(unique.get(2).toLongArray()).containsExactly(1, 1, 2);
            assertThat(manager.create(new float[] {0, 3, 0, 4}).nonzero().toLongArray())
                    .containsExactly(1, 3);
        }
    }

    private static double[] order(double[] lane, boolean ascending) {
        return java.util.stream.IntStream.range(0, lane.length)
                .boxed()
                .sorted((i, j) -> ascending ? Double.compare(lane[i], lane[j]) : Double.compare(lane[j], lane[i]))
                .mapToDouble(i -> i)
                .toArray();
    }

    private static double percentile(double[] values, double q) {
        double[] sorted = Arrays.stream(values).sorted().toArray();
        double at = q * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    @Test
    void softmaxAndNormalize() {
        try (NDManager manager = NDManager.newBaseManager("LibTorch")) {
            for (DataType type :
                    new DataType[] {DataType.FLOAT64, DataType.FLOAT32, DataType.FLOAT16, DataType.BFLOAT16}) {
                Ref x = Ref.of(Ref.random(31, -3, 3, 2, 3, 4).on(manager, type));
                for (int axis = 0; axis < 3; axis++) {
                    Ref expected = x.lanes(axis, ReductionTest::softmax);
                    Checks.same("softmax", x.on(manager, type).softmax(axis), expected);
                    Checks.same("softmax", x.strided(manager, type).softmax(axis - 3), expected);
                    Checks.same("logSoftmax", x.on(manager, type).logSoftmax(axis), expected.map(Math::log));
                    Checks.same("normalize", x.on(manager, type).normalize(2, axis), x.lanes(axis, lane -> {
                        double length =
                                Math.sqrt(Arrays.stream(lane).map(v -> v * v).sum());
                        return Arrays.stream(lane).map(v -> v / length).toArray();
                    }));
                }
            }
            assertThat(manager.create(new int[] {0, 0}).softmax(0).toFloatArray())
                    .containsExactly(0.5f, 0.5f);
        }
        Checks.gradient("softmax", in -> in[0].softmax(-1), Ref.random(32, -2, 2, 2, 3));
        Checks.gradient("logSoftmax", in -> in[0].logSoftmax(0), Ref.random(33, -2, 2, 2, 3));
        Checks.gradient("normalize", in -> in[0].normalize(2, 1), Ref.random(34, 0.5, 2, 2, 3));
    }

    static double[] softmax(double[] lane) {
        double top = Arrays.stream(lane).max().orElse(0);
        double[] e = Arrays.stream(lane).map(v -> Math.exp(v - top)).toArray();
        double sum = Arrays.stream(e).sum();
        return Arrays.stream(e).map(v -> v / sum).toArray();
    }

    @Test
    void axesOutOfRangeRaise() {
        try (NDManager manager = NDManager.newBaseManager("LibTorch")) {
            NDArray x = manager.ones(new Shape(2, 3));
            for (Runnable bad : new Runnable[] {
                () -> x.sum(new int[] {2}),
                () -> x.max(new int[] {-3}),
                () -> x.cumSum(5),
                () -> x.softmax(2),
                () -> x.sort(9),
                () -> x.prod(new int[] {0, 0}),
                () -> x.argMax(4),
                () -> x.topK(7, 1),
                () -> x.percentile(200),
                () -> x.diff(1, 3),
            }) {
                assertThatThrownBy(bad::run)
                        .isInstanceOfAny(IllegalArgumentException.class, ai.djl.engine.EngineException.class);
            }
        }
    }
}
