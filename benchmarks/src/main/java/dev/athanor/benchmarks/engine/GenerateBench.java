package dev.athanor.benchmarks.engine;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.athanor.benchmarks.Benchmark;
import dev.athanor.benchmarks.Figures;
import dev.athanor.libtorch.Transfer;
import dev.athanor.lm.Devices;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.generate.Generator;
import dev.athanor.lm.generate.Sampling;
import dev.athanor.lm.model.Presets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Greedy generation with a key/value cache, against the limit that memory sets: every token of one sequence reads all weights once.
 *
 * <p>System properties: {@code athanor.bench.model} (a preset), {@code athanor.bench.tokens}.
 */
public final class GenerateBench implements Benchmark {

    private static final int PROMPT = 16;

    /** Registered in the list of benchmarks. */
    public GenerateBench() {}

    @Override
    public String name() {
        return "generate";
    }

    @Override
    public String description() {
        return "tokens/s with a key/value cache at batch 1 and 16, beside the memory-bandwidth limit";
    }

    @Override
    public void run(Figures figures) {
        Device device = Devices.of("auto");
        String preset = System.getProperty("athanor.bench.model", "llama-100m");
        int tokens = Integer.getInteger("athanor.bench.tokens", 64);
        double bandwidth = bandwidth(device);
        figures.plain("memory_read_bandwidth", bandwidth / 1e9, "GB/s");
        try (LanguageModel model =
                        LanguageModel.create(Presets.of(preset, 32_000).build(), 1, device);
                NDManager copies = Devices.newManager(device)) {
            for (DataType type : List.of(DataType.FLOAT32, DataType.BFLOAT16)) {
                var generator = new Generator(model.transformer(copies, type), device, null);
                double limit = bandwidth / ((double) model.parameterCount() * type.getNumOfBytes());
                for (int batch : new int[] {1, 16}) {
                    rate(generator, batch, 4);
                    double rate = rate(generator, batch, tokens);
                    figures.higherIsBetter(
                            "generate_" + preset + "_" + type.name().toLowerCase(java.util.Locale.ROOT) + "_b" + batch,
                            rate,
                            "tok/s",
                            "memory limit",
                            limit * batch);
                }
            }
        }
    }

    private static double rate(Generator generator, int batch, int tokens) {
        var random = new Random(1);
        List<int[]> prompts = new ArrayList<>();
        for (int b = 0; b < batch; b++) {
            prompts.add(random.ints(PROMPT, 0, 32_000).toArray());
        }
        var sampling = new Sampling(tokens, 0, 0, 1, 0, 1, List.of(), List.of(), 1);
        long start = System.nanoTime();
        generator.generate(prompts, sampling, (sequence, token) -> {});
        return batch * tokens / ((System.nanoTime() - start) * 1e-9);
    }

    /** Bytes a second of summing an array that fits no cache, the best of several. */
    private static double bandwidth(Device device) {
        int values = 128 << 20;
        try (NDManager manager = Devices.newManager(device)) {
            var array = manager.ones(new Shape(values));
            double best = 0;
            for (int i = 0; i < 6; i++) {
                long start = System.nanoTime();
                array.sum().close();
                Transfer.synchronize(device);
                best = Math.max(best, 4.0 * values / ((System.nanoTime() - start) * 1e-9));
            }
            return best;
        }
    }
}
