package dev.athanor.benchmarks.engine;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.athanor.benchmarks.Benchmark;
import dev.athanor.benchmarks.Figures;
import dev.athanor.benchmarks.TemporaryFolder;
import dev.athanor.libtorch.Autograd;
import dev.athanor.libtorch.LaunchSettings;
import dev.athanor.libtorch.MemoryStats;
import dev.athanor.lm.Devices;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.model.LayerAttention;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.Operations;
import dev.athanor.lm.model.Transformer;
import dev.athanor.lm.train.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * One decoder layer with a sliding window, forward and backward, by blocks and by dense scores: time, and how much more memory the
 * process takes at its highest. 4,096 tokens a step, each case in a process of its own; the two take turns step by step.
 *
 * <p>System properties: {@code athanor.bench.types}, {@code athanor.bench.lengths}, {@code athanor.bench.windows},
 * {@code athanor.bench.steps}.
 */
public final class WindowBench implements Benchmark {

    private static final int TOKENS = 4096;
    private static final int WARM_UP = 2;

    /** Registered in the list of benchmarks. */
    public WindowBench() {}

    @Override
    public String name() {
        return "windows";
    }

    @Override
    public String description() {
        return "a layer with a sliding window, by blocks and by dense scores: time and memory";
    }

    @Override
    public void run(Figures figures) throws Exception {
        for (String type : list("types", "bf16,fp32")) {
            for (String window : list("windows", "128,256")) {
                for (String length : list("lengths", "1024,2048,4096")) {
                    measure(figures, type, Integer.parseInt(window), Integer.parseInt(length));
                }
            }
        }
    }

    private static String[] list(String property, String usual) {
        return System.getProperty("athanor.bench." + property, usual).split(",");
    }

    private static void measure(Figures figures, String type, int window, int length) throws Exception {
        double[] told;
        try (var work = TemporaryFolder.create()) {
            told = child(type, window, length, work.path());
        }
        String label = "windows_%s_w%d_t%d".formatted(type, window, length);
        figures.lowerIsBetter(label, told[0], "ms", "dense", told[1]);
        figures.lowerIsBetter(label + "_memory", told[3], "MB", "dense", told[4]);
        // What the window itself takes: less the layer with a window of one position.
        double share = (told[0] - told[2]) / (told[1] - told[2]);
        figures.lowerIsBetter(label + "_share", share, "of dense", "2w/T", 2.0 * window / length);
        figures.note("with a window of one position %.1f ms, %.1f MB".formatted(told[2], told[5]));
    }

    private static double[] child(String type, int window, int length, Path work) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(LaunchSettings.jvmFlags());
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-Xmx1g",
                "-Djava.io.tmpdir=" + work,
                "-Dathanor.bench.steps=" + Integer.getInteger("athanor.bench.steps", 5),
                "-cp",
                System.getProperty("java.class.path"),
                WindowBench.class.getName(),
                type,
                Integer.toString(window),
                Integer.toString(length)));
        Path output = work.resolve("output");
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(LaunchSettings.environment());
        Process process = builder.start();
        try {
            if (process.waitFor() != 0) {
                throw new IllegalStateException("the process failed:\n" + Files.readString(output));
            }
        } finally {
            process.destroyForcibly();
        }
        String line = Files.readAllLines(output).getLast();
        return Arrays.stream(line.split(" ")).mapToDouble(Double::parseDouble).toArray();
    }

    /** One process: precision, window, length. Prints milliseconds by blocks, dense, and with a window of 1, then megabytes. */
    public static void main(String[] arguments) throws IOException {
        DataType type = Precision.of(arguments[0]).type();
        int length = Integer.parseInt(arguments[2]);
        int rows = TOKENS / length;
        int steps = WARM_UP + Integer.getInteger("athanor.bench.steps", 5);
        Device device = Devices.of("auto");
        try (var blocks = new Layer(type, Integer.parseInt(arguments[1]), length, device, Operations.PLAIN);
                var dense = new Layer(type, Integer.parseInt(arguments[1]), length, device, new Operations() {});
                var alone = new Layer(type, 1, length, device, Operations.PLAIN)) {
            // With what the libraries take for themselves, before any step of full size.
            alone.step(1, 64);
            double before = MemoryStats.now().residentBytes() / 1e6;
            var highest = new double[3];
            alone.step(rows, length);
            highest[2] = highest() - before;
            blocks.step(rows, length);
            highest[0] = highest() - before;
            dense.step(rows, length);
            highest[1] = highest() - before;
            var times = new double[3][steps];
            for (int i = 0; i < steps; i++) {
                times[0][i] = blocks.step(rows, length);
                times[1][i] = dense.step(rows, length);
                times[2][i] = alone.step(rows, length);
            }
            System.out.printf(
                    Locale.ROOT,
                    "%.2f %.2f %.2f %.1f %.1f %.1f%n",
                    median(times[0]),
                    median(times[1]),
                    median(times[2]),
                    highest[0],
                    highest[1],
                    highest[2]);
            System.out.flush();
        }
        Runtime.getRuntime().halt(0);
    }

    /** Megabytes that the process held at most so far. */
    private static double highest() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) * 1024 / 1e6)
                .findFirst()
                .orElse(Double.NaN);
    }

    private static double median(double[] values) {
        double[] sorted = Arrays.copyOfRange(values, WARM_UP, values.length);
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** A model of one layer with weights in the type of the steps. */
    private static final class Layer implements AutoCloseable {
        private final NDManager manager;
        private final Transformer transformer;

        Layer(DataType type, int window, int length, Device device, Operations operations) {
            ModelConfig config = ModelConfig.llama(256, length, 1, 6, 384)
                    .attention(List.of(LayerAttention.slidingWindow(window, LayerAttention.Positions.ROTARY)))
                    .build();
            manager = Devices.newManager(device);
            var weights = new java.util.LinkedHashMap<String, NDArray>();
            try (LanguageModel model = LanguageModel.create(config, 1, device)) {
                model.parameters().forEach((name, array) -> {
                    NDArray copy = array.toType(type, true);
                    copy.attach(manager);
                    copy.setRequiresGradient(true);
                    weights.put(name, copy);
                });
            }
            transformer = new Transformer(config, weights, operations);
        }

        /** Milliseconds. */
        double step(int rows, int length) {
            long start = System.nanoTime();
            try (NDManager scope = manager.newSubManager();
                    Autograd.Scope recording = Autograd.record()) {
                long[] ids = new Random(1).longs((long) rows * length, 0, 256).toArray();
                NDArray ids_BT = scope.create(ids, new Shape(rows, length));
                Autograd.backward(transformer.hidden(ids_BT, true).sum());
            }
            Autograd.clearGradients(transformer.weights().values());
            return (System.nanoTime() - start) * 1e-6;
        }

        @Override
        public void close() {
            manager.close();
        }
    }
}
