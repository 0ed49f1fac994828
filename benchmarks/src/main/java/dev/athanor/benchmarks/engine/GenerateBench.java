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
import java.util.Locale;
import java.util.Random;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Greedy generation with a key/value cache, from the first new token of a prompt to the last, against the limits that memory and
 * arithmetic set: a step reads all weights once, and multiplies each with a value of every sequence. Both are measured in the same run.
 *
 * <p>System properties: {@code athanor.bench.model} (a preset), {@code athanor.bench.tokens}, {@code athanor.bench.types} (of float32,
 * bfloat16), {@code athanor.bench.batches}.
 */
public final class GenerateBench implements Benchmark {

    private static final int PROMPT = 16;
    /** Tokens until the kernels are compiled. */
    private static final int WARM_UP = 200;

    private static final int CEILING_SAMPLES = 5;

    /** Registered in the list of benchmarks. */
    public GenerateBench() {}

    @Override
    public String name() {
        return "generate";
    }

    @Override
    public String description() {
        return "tokens/s with a key/value cache at batch 1 and 16, beside the limit of memory or arithmetic";
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
            for (String name : System.getProperty("athanor.bench.types", "float32,bfloat16")
                    .split(",")) {
                DataType type = DataType.valueOf(name.toUpperCase(Locale.ROOT));
                double flops = flops(device, type);
                figures.plain("matmul_" + name, flops / 1e9, "GFLOP/s");
                var generator = new Generator(model.transformer(copies, type), device, null);
                double bytes = (double) model.parameterCount() * type.getNumOfBytes();
                for (String count :
                        System.getProperty("athanor.bench.batches", "1,16").split(",")) {
                    int batch = Integer.parseInt(count);
                    rate(generator, batch, WARM_UP);
                    double rate = rate(generator, batch, tokens);
                    double memory = batch * bandwidth / bytes;
                    double arithmetic = flops / (2.0 * model.parameterCount());
                    figures.higherIsBetter(
                            "generate_" + preset + "_" + name + "_b" + batch,
                            rate,
                            "tok/s",
                            memory < arithmetic ? "memory limit" : "arithmetic limit",
                            Math.min(memory, arithmetic));
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
        // The first token is that of the prompt, and not counted.
        var sampling = new Sampling(tokens + 1, 0, 0, 1, 0, 1, List.of(), List.of(), 1);
        var told = new long[2];
        generator.generate(prompts, sampling, (sequence, token) -> {
            if (told[0]++ == batch - 1) {
                told[1] = System.nanoTime();
            }
        });
        return batch * tokens / ((System.nanoTime() - told[1]) * 1e-9);
    }

    /** Operations a second of large products. */
    private static double flops(Device device, DataType type) {
        try (var ceiling =
                new MatmulCeiling(type == DataType.FLOAT32 ? ScalarType.Float : ScalarType.BFloat16, device)) {
            for (int i = 0; i < CEILING_SAMPLES; i++) {
                ceiling.sample();
            }
            return ceiling.flops();
        }
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
