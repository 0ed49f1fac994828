package dev.athanor.benchmarks.engine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.athanor.benchmarks.Benchmark;
import dev.athanor.benchmarks.Figures;
import java.util.Arrays;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The engine against libtorch itself: the cost of an operation, and whole training steps alternating with their twins in one run,
 * with the share of the matrix-product ceiling that is reached.
 *
 * <p>System properties: {@code athanor.bench.shape} (m10, gpt2-124m), {@code athanor.bench.steps}, {@code athanor.bench.types}.
 */
public final class EngineBench implements Benchmark {
    private static final int WARM_UP = 3;

    /** Registered in the list of benchmarks. */
    public EngineBench() {}

    @Override
    public String name() {
        return "engine";
    }

    @Override
    public String description() {
        return "operations and training steps of the LibTorch engine against straight libtorch calls";
    }

    @Override
    public void run(Figures figures) {
        Engine engine = Engine.getEngine("LibTorch");
        Device device = engine.defaultDevice();
        figures.note("libtorch " + engine.getVersion() + " on " + device + ", " + torch.get_num_threads() + " threads");
        operations(figures);
        DecoderShape shape = DecoderShape.of(System.getProperty("athanor.bench.shape", "m10"));
        for (String type :
                System.getProperty("athanor.bench.types", "bf16,fp32").split(",")) {
            boolean low = type.equals("bf16");
            // A step in fp32 takes longer, and varies less.
            trainingStep(figures, shape, low, device, Integer.getInteger("athanor.bench.steps", low ? 24 : 12));
        }
    }

    /** Small arrays, so that the call is what costs. */
    private static void operations(Figures figures) {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "LibTorch")) {
            NDArray a = manager.ones(new Shape(8, 8));
            NDArray b = manager.ones(new Shape(8, 8));
            Tensor ta = torch.ones(8, 8);
            Tensor tb = torch.ones(8, 8);
            GradMode.set_enabled(false);
            operation(figures, "add", () -> a.add(b), () -> ta.add(tb));
            operation(figures, "add_scalar", () -> a.add(1), () -> ta.add(new Scalar(1L)));
            operation(figures, "matmul", () -> a.matMul(b), () -> ta.matmul(tb));
            operation(figures, "softmax", () -> a.softmax(-1), () -> ta.softmax(-1));
            operation(figures, "reshape", () -> a.reshape(64), () -> ta.reshape(64));
            ta.close();
            tb.close();
        }
    }

    private static void operation(Figures figures, String name, Supplier<NDArray> ours, Supplier<Tensor> theirs) {
        int rounds = 7;
        int calls = 20_000;
        double[] mine = new double[rounds];
        double[] straight = new double[rounds];
        Tensor last = null;
        for (int round = 0; round < rounds; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < calls; i++) {
                ours.get().close();
            }
            long middle = System.nanoTime();
            for (int i = 0; i < calls; i++) {
                try (PointerScope scope = new PointerScope()) {
                    last = theirs.get();
                }
            }
            mine[round] = (middle - start) / 1e3 / calls;
            straight[round] = (System.nanoTime() - middle) / 1e3 / calls;
        }
        if (last == null) {
            throw new IllegalStateException(name + " was not run");
        }
        figures.lowerIsBetter("engine_op_" + name, median(mine), "us", "libtorch", median(straight));
    }

    private static void trainingStep(Figures figures, DecoderShape shape, boolean low, Device device, int steps) {
        String label = "engine_step_" + shape.name() + (low ? "_bf16" : "_fp32");
        double[] mine = new double[steps];
        double[] straight = new double[steps];
        MatmulCeiling ceiling;
        try (MatmulCeiling measured = new MatmulCeiling(low ? ScalarType.BFloat16 : ScalarType.Float, device);
                TrainingStep engine = new EngineDecoder(shape, low ? DataType.BFLOAT16 : DataType.FLOAT32, device);
                TrainingStep twin = new LibtorchDecoder(shape, low, device.isGpu())) {
            ceiling = measured;
            for (int i = -WARM_UP; i < steps; i++) {
                if (i >= 0) {
                    measured.sample();
                }
                // Who goes first changes, so that neither always finds the caches as the other left them.
                boolean engineFirst = i % 2 == 0;
                double first = seconds(engineFirst ? engine : twin, i);
                double second = seconds(engineFirst ? twin : engine, i);
                if (i >= 0) {
                    mine[i] = engineFirst ? first : second;
                    straight[i] = engineFirst ? second : first;
                }
            }
            figures.higherIsBetter(label + "_loss", engine.run(steps), "nats", "libtorch", twin.run(steps));
        }
        figures.note(label + ": ceiling is " + ceiling.what());
        figures.plain(label + "_matmul_ceiling", ceiling.flops() / 1e9, "GFLOP/s");
        double seconds = median(mine);
        double twinSeconds = median(straight);
        figures.higherIsBetter(label, shape.tokens() / seconds, "tok/s", "libtorch", shape.tokens() / twinSeconds);
        figures.higherIsBetter(
                label + "_mfu",
                shape.tokens() * shape.flopsPerToken() / seconds / ceiling.flops(),
                "of ceiling",
                "target",
                0.55);
    }

    /** A step ends with the loss on the host, so the device has nothing left to do. */
    private static double seconds(TrainingStep step, long number) {
        long start = System.nanoTime();
        step.run(number);
        return (System.nanoTime() - start) / 1e9;
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
