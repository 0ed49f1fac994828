package dev.athanor.libtorch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.function.Function;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The functions with a backward pass of their own against the formulas that libtorch differentiates. */
class FusedTwinsTest {
    private static final DataType[] TYPES = {DataType.FLOAT64, DataType.FLOAT32, DataType.BFLOAT16};

    private final NDManager manager = NDManager.newBaseManager("LibTorch");

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void rmsNormEqualsItsTwin() {
        Ref x = Ref.random(1, -2, 2, 3, 5, 24);
        Ref w = Ref.random(2, 0.5, 1.5, 24);
        same(in -> LtFunctions.rmsNorm(in[0], in[1], 1e-5), in -> plainRms(in[0], in[1]), x, w);
    }

    /** Arrays large enough for the kernels in Java, which need whole vectors. */
    @Test
    void kernelsInJavaEqualTheirTwins() {
        assertThat(HostRows.suits(tensor(manager.ones(new Shape(256, 128))), 128))
                .as("the JVM runs with --add-modules jdk.incubator.vector")
                .isTrue();
        Ref w = Ref.random(2, 0.5, 1.5, 128);
        Ref x = Ref.random(1, -2, 2, 2, 150, 128);
        same(in -> LtFunctions.rmsNorm(in[0], in[1], 1e-5), in -> plainRms(in[0], in[1]), x, w);
        rotation(2, 131, 64);
    }

    /** A sum gives both of its terms one gradient, so that of a norm must not be changed where it lies. */
    @Test
    void aNormAndWhatItIsAddedToHaveGradientsOfTheirOwn() {
        Ref x = Ref.random(1, -2, 2, 2, 150, 128);
        Ref other = Ref.random(3, -2, 2, 2, 150, 128);
        Ref w = Ref.random(2, 0.5, 1.5, 128);
        same(
                in -> LtFunctions.rmsNorm(in[0], in[1], 1e-5).add(in[2]).add(LtFunctions.rmsNorm(in[2], in[1], 1e-5)),
                in -> plainRms(in[0], in[1]).add(in[2]).add(plainRms(in[2], in[1])),
                x,
                w,
                other);
    }

    @Test
    void kernelsInJavaGiveTheSameBitsForAnyNumberOfThreads() {
        Ref x = Ref.random(1, -2, 2, 2, 150, 128);
        Ref w = Ref.random(2, 0.5, 1.5, 128);
        int threads = torch.get_num_threads();
        NDArray[][] results = new NDArray[2][];
        try {
            for (int way = 0; way < 2; way++) {
                torch.set_num_threads(way + 1);
                results[way] = results(in -> LtFunctions.rmsNorm(in[0], in[1], 1e-5), DataType.BFLOAT16, x, w);
            }
        } finally {
            torch.set_num_threads(threads);
        }
        for (int i = 0; i < results[0].length; i++) {
            assertThat(results[1][i].contentEquals(results[0][i])).isTrue();
        }
    }

    @Test
    void kernelsInJavaPassOnWhatIsNoNumber() {
        NDArray x = manager.ones(new Shape(300, 128)).toType(DataType.BFLOAT16, false);
        x.set(new ai.djl.ndarray.index.NDIndex("7, 3"), Float.NaN);
        NDArray w = manager.ones(new Shape(128)).toType(DataType.BFLOAT16, false);
        NDArray y = LtFunctions.rmsNorm(x, w, 1e-5).toType(DataType.FLOAT32, false);
        assertThat(y.get(7).isNaN().any().getBoolean()).isTrue();
        assertThat(y.get(8).isNaN().any().getBoolean()).isFalse();
    }

    private NDArray plainRms(NDArray x, NDArray w) {
        return NativeCall.array(
                (LtNDManager) x.getManager(), "plain", () -> RmsNorm.plain(tensor(x), tensor(w), 1e-5), x, w);
    }

    @Test
    void gatedUnitsEqualTheirTwins() {
        Ref x = Ref.random(1, -3, 3, 3, 5, 24);
        same(in -> LtFunctions.swiGlu(in[0]), GatedUnit.SILU, x);
        same(in -> LtFunctions.geGlu(in[0], false), GatedUnit.GELU, x);
        same(in -> LtFunctions.geGlu(in[0], true), GatedUnit.GELU_TANH, x);
    }

    /** Of the widths only the multiples of 64 take the other way; with one thread none does. */
    @Test
    void float32LinearEqualsItsTwin() {
        int threads = torch.get_num_threads();
        torch.set_num_threads(2);
        try {
            for (int[] shape :
                    new int[][] {{400, 128, 192}, {97, 192, 320}, {600, 64, 128}, {4200, 64, 65}, {900, 100, 64}}) {
                boolean blocks = shape[1] % 64 == 0 && shape[2] % 64 == 0;
                assertThat(Float32Linear.suits(
                                tensor(manager.ones(new Shape(shape[0], shape[1]))),
                                tensor(manager.ones(new Shape(shape[2], shape[1])))))
                        .as("oneDNN takes [%s, %s] -> %s", shape[0], shape[1], shape[2])
                        .isEqualTo(blocks && torch.hasMKLDNN());
                linear(shape[0], shape[1], shape[2]);
            }
        } finally {
            torch.set_num_threads(threads);
        }
    }

    private void linear(int rows, int in, int out) {
        NDArray[][] results = new NDArray[2][];
        for (int way = 0; way < 2; way++) {
            RngState.seed(3);
            NDArray x = manager.randomNormal(new Shape(rows, in));
            NDArray w = manager.randomNormal(new Shape(out, in));
            NDArray b = manager.randomNormal(new Shape(out));
            NDArray weights = manager.randomNormal(new Shape(out, rows));
            for (NDArray leaf : new NDArray[] {x, w, b}) {
                leaf.setRequiresGradient(true);
            }
            NDArray y;
            try (Autograd.Scope recording = Autograd.record()) {
                // A view that is not contiguous in, a gradient that is not contiguous back.
                NDArray input = x.reshape(1, rows, in).swapAxes(0, 1);
                y = way == 0
                        ? LtFunctions.linear(input, w, b)
                        : NativeCall.array(
                                (LtNDManager) manager,
                                "plain",
                                () -> Float32Linear.plain(tensor(input), tensor(w), tensor(b)));
                Autograd.backward(y.reshape(rows, out).transpose().mul(weights).sum());
            }
            results[way] = new NDArray[] {y, x.getGradient(), w.getGradient(), b.getGradient()};
        }
        for (int i = 0; i < results[0].length; i++) {
            assertThat(results[0][i].getShape()).isEqualTo(results[1][i].getShape());
            assertThat(results[0][i].allClose(results[1][i], 1e-4, 1e-3, false))
                    .as("result %s of [%s, %s] -> %s", i, rows, in, out)
                    .isTrue();
        }
    }

    @Test
    void crossEntropyInFloat32EqualsItselfOnOneThread() {
        int threads = torch.get_num_threads();
        NDArray[][] gradients = new NDArray[2][];
        double[] losses = new double[2];
        try {
            for (int way = 0; way < 2; way++) {
                torch.set_num_threads(way + 1);
                RngState.seed(4);
                NDArray hidden = manager.randomNormal(new Shape(700, 64));
                NDArray head = manager.randomNormal(new Shape(512, 64));
                NDArray targets = manager.randomInteger(0, 512, new Shape(700), DataType.INT64);
                hidden.setRequiresGradient(true);
                head.setRequiresGradient(true);
                try (Autograd.Scope recording = Autograd.record()) {
                    losses[way] = new FusedCrossEntropy()
                            .backward(hidden.mul(1), head, null, targets)
                            .mean();
                }
                gradients[way] = new NDArray[] {hidden.getGradient(), head.getGradient()};
            }
        } finally {
            torch.set_num_threads(threads);
        }
        assertThat(losses[1]).isCloseTo(losses[0], org.assertj.core.data.Offset.offset(1e-5));
        for (int i = 0; i < 2; i++) {
            assertThat(gradients[1][i].allClose(gradients[0][i], 1e-4, 1e-6, false))
                    .isTrue();
        }
    }

    private void same(Function<NDArray[], NDArray> fast, GatedUnit unit, Ref x) {
        same(
                fast,
                in -> NativeCall.array(
                        (LtNDManager) in[0].getManager(), "plain", () -> unit.plain(tensor(in[0])), in[0]),
                x);
    }

    @Test
    void rotationInPlaceEqualsTheRotationOfEachHead() {
        rotation(2, 5, 8);
    }

    /** Two heads of queries, one of keys and one of values, which is not turned. */
    private void rotation(int batch, int time, int D) {
        Ref x = Ref.random(1, -2, 2, batch, time, 4 * D);
        Function<NDArray[], NDArray> fast = in -> {
            NDArray[] table = LtFunctions.rotaryTable(in[0], 3, time, D, 10_000);
            NDArray[] parts =
                    LtFunctions.splitRotated(in[0].mul(1), table[0].tile(1, 3), table[1].tile(1, 3), D, 2L * D, D, D);
            return parts[0].mul(parts[1].concat(parts[2], 2));
        };
        Function<NDArray[], NDArray> plain = in -> {
            NDArray[] table = LtFunctions.rotaryTable(in[0], 3, time, D, 10_000);
            NDArray[] parts = LtFunctions.split(in[0], 2L * D, D, D);
            NDArray q =
                    LtFunctions.mergeHeads(LtFunctions.rotary(LtFunctions.splitHeads(parts[0], 2), table[0], table[1]));
            return q.mul(LtFunctions.rotary(parts[1], table[0], table[1]).concat(parts[2], 2));
        };
        same(fast, plain, x);
    }

    /** As a mixture of experts does, whose auxiliary loss goes back through the same graph first. */
    @Test
    void aRetainedGraphIsDifferentiatedTwice() {
        NDArray x = Ref.random(1, -2, 2, 3, 8).on(manager);
        NDArray w = Ref.random(2, 0.5, 1.5, 8).on(manager);
        x.setRequiresGradient(true);
        try (Autograd.Scope recording = Autograd.record()) {
            NDArray y = LtFunctions.swiGlu(LtFunctions.rmsNorm(x, w, 1e-5)).sum();
            Autograd.backwardRetainingGraph(y, y.onesLike());
            double[] once = x.getGradient().toDoubleArray();
            Autograd.backward(y);
            double[] twice = x.getGradient().toDoubleArray();
            for (int i = 0; i < once.length; i++) {
                assertThat(twice[i]).isEqualTo(2 * once[i]);
            }
        }
    }

    /** Not every recorded pass is differentiated: what it kept goes with the manager. */
    @Test
    void aPassThatIsNotDifferentiatedLeavesNothingBehind() {
        NDArray w = manager.ones(new Shape(256));
        w.setRequiresGradient(true);
        forwardOnly(w, 20);
        System.gc();
        long before = MemoryStats.now().nativeObjects();
        forwardOnly(w, 200);
        assertThat(MemoryStats.now().nativeObjects()).isLessThan(before + 100);
    }

    private void forwardOnly(NDArray w, int times) {
        for (int i = 0; i < times; i++) {
            try (NDManager outer = NDManager.newBaseManager("LibTorch");
                    Autograd.Scope recording = Autograd.record()) {
                NDArray x = outer.ones(new Shape(4, 256)).mul(w);
                assertThat(LtFunctions.swiGlu(LtFunctions.rmsNorm(x, w, 1e-5)).size())
                        .isEqualTo(512);
            }
        }
    }

    private void same(Function<NDArray[], NDArray> fast, Function<NDArray[], NDArray> plain, Ref... inputs) {
        for (DataType type : TYPES) {
            NDArray[] mine = results(fast, type, inputs);
            NDArray[] twin = results(plain, type, inputs);
            double tolerance = type == DataType.FLOAT64 ? 1e-12 : type == DataType.FLOAT32 ? 1e-5 : 0.04;
            for (int i = 0; i < mine.length; i++) {
                Checks.same(type + (i == 0 ? " value" : " gradient " + i), mine[i], Ref.of(twin[i]), tolerance);
            }
        }
    }

    /** The value, and the gradients of a weighted sum in each input. */
    private NDArray[] results(Function<NDArray[], NDArray> f, DataType type, Ref... inputs) {
        NDArray[] in = new NDArray[inputs.length];
        for (int i = 0; i < in.length; i++) {
            in[i] = inputs[i].on(manager, type);
            in[i].setRequiresGradient(true);
        }
        NDArray[] results = new NDArray[in.length + 1];
        try (Autograd.Scope recording = Autograd.record()) {
            results[0] = f.apply(in);
            Ref weights = Ref.random(9, 0.5, 1.5, results[0].getShape().getShape());
            Autograd.backward(results[0].mul(weights.on(manager, type)).sum());
        }
        for (int i = 0; i < in.length; i++) {
            results[i + 1] = in[i].getGradient();
        }
        return results;
    }

    private static org.bytedeco.pytorch.Tensor tensor(NDArray array) {
        return LtNDArray.tensor(array);
    }
}
