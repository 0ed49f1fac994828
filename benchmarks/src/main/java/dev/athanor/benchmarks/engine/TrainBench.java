package dev.athanor.benchmarks.engine;

import ai.djl.Device;
import dev.athanor.benchmarks.Benchmark;
import dev.athanor.benchmarks.Figures;
import dev.athanor.benchmarks.TemporaryFolder;
import dev.athanor.libtorch.MemoryStats;
import dev.athanor.lm.Devices;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.data.MaskedWindows;
import dev.athanor.lm.data.Masking;
import dev.athanor.lm.data.TokenStream;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.ModelConfig.FeedForward;
import dev.athanor.lm.train.CausalObjective;
import dev.athanor.lm.train.Flops;
import dev.athanor.lm.train.FolderCheckpoints;
import dev.athanor.lm.train.MaskedObjective;
import dev.athanor.lm.train.Objective;
import dev.athanor.lm.train.Precision;
import dev.athanor.lm.train.Pretraining;
import dev.athanor.lm.train.StepMetrics;
import dev.athanor.lm.train.TrainingConfig;
import dev.athanor.lm.train.TrainingListener;
import java.util.Arrays;
import java.util.Random;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Whole training runs of the library: tokens per second and model FLOPs utilization, the GPT-2 style ones with steps of the straight
 * libtorch twin between their own.
 *
 * <p>System properties: {@code athanor.bench.models} (of m10, m10-llama, gpt2, bert), {@code athanor.bench.types},
 * {@code athanor.bench.steps}.
 */
public final class TrainBench implements Benchmark {

    private static final int WARM_UP = 3;

    /** Registered in the list of benchmarks. */
    public TrainBench() {}

    @Override
    public String name() {
        return "train";
    }

    @Override
    public String description() {
        return "training of decoders and an encoder: tokens/s and MFU, beside straight libtorch";
    }

    @Override
    public void run(Figures figures) throws Exception {
        memory(figures);
        for (String type :
                System.getProperty("athanor.bench.types", "bf16,fp32").split(",")) {
            Precision precision = Precision.of(type);
            // A step in fp32 takes several times as long, and varies less.
            int steps = Integer.getInteger("athanor.bench.steps", precision == Precision.FP32 ? 5 : 12);
            double m10 = Double.NaN;
            for (String model : System.getProperty("athanor.bench.models", "m10,m10-llama,gpt2,bert")
                    .split(",")) {
                Run run = new Run(figures, model, precision, steps);
                double rate = run.measure();
                if (model.equals("m10")) {
                    m10 = rate;
                } else if (model.equals("m10-llama") && !Double.isNaN(m10)) {
                    figures.higherIsBetter("train_m10-llama_" + type + "_of_m10", rate, "tok/s", "m10", m10);
                }
            }
        }
    }

    /** Before anything else, for what is freed is not always given back to the system. */
    private static void memory(Figures figures) throws Exception {
        DecoderShape shape = DecoderShape.M10;
        try (LanguageModel model = LanguageModel.create(config("m10", shape), 1, Devices.of("auto"))) {
            new Run(figures, "m10", Precision.BF16, 1).train(shape, model, null, null);
        }
        double megabytes = MemoryStats.now().residentBytes() / 1e6;
        figures.lowerIsBetter("train_m10_bf16_resident", megabytes, "MB", "goal", 1200);
    }

    private record Run(Figures figures, String name, Precision precision, int steps) {

        double measure() throws Exception {
            DecoderShape shape = switch (name) {
                case "m10", "m10-llama", "bert" -> DecoderShape.M10;
                case "gpt2" -> new DecoderShape("gpt2-b4-t64", 12, 12, 768, 64, 4, 50304);
                default ->
                    throw new IllegalArgumentException("model " + name + ", expected m10, m10-llama, gpt2 or bert");
            };
            boolean twinned = name.equals("m10") || name.equals("gpt2");
            Device device = Devices.of("auto");
            boolean low = precision == Precision.BF16;
            try (LanguageModel model = LanguageModel.create(config(name, shape), 1, device);
                    TrainingStep twin = twinned ? new LibtorchDecoder(shape, low, device.isGpu()) : null;
                    MatmulCeiling ceiling = new MatmulCeiling(low ? ScalarType.BFloat16 : ScalarType.Float, device)) {
                return train(shape, model, twin, ceiling);
            }
        }

        /** Without a ceiling, only the memory is of interest. */
        private double train(
                DecoderShape shape, LanguageModel model, @Nullable TrainingStep twin, @Nullable MatmulCeiling ceiling)
                throws Exception {
            var mine = new double[steps];
            var straight = new double[steps];
            var config = TrainingConfig.builder(WARM_UP + steps, shape.batch())
                    .precision(precision)
                    .warmupSteps(10)
                    .validationTokens(1)
                    .seed(1)
                    .build();
            try (var folder = TemporaryFolder.create()) {
                new Pretraining(model, config, objective(shape), new FolderCheckpoints(folder.path()), folder.path())
                        .run(new TrainingListener() {
                            @Override
                            public void step(StepMetrics metrics) {
                                int i = (int) metrics.step() - 1 - WARM_UP;
                                long start = System.nanoTime();
                                if (twin != null) {
                                    twin.run(metrics.step());
                                }
                                if (i >= 0) {
                                    mine[i] = metrics.seconds();
                                    straight[i] = (System.nanoTime() - start) * 1e-9;
                                    if (ceiling != null) {
                                        ceiling.sample();
                                    }
                                }
                            }
                        });
            }
            if (ceiling == null) {
                return Double.NaN;
            }
            String label = "train_" + name + "_" + (precision == Precision.BF16 ? "bf16" : "fp32");
            double rate = shape.tokens() / median(mine);
            if (twin == null) {
                figures.plain(label, rate, "tok/s");
            } else {
                figures.higherIsBetter(label, rate, "tok/s", "libtorch", shape.tokens() / median(straight));
            }
            double flops = rate * Flops.perTrainedToken(model.config(), shape.time());
            figures.plain(label + "_mfu", flops / ceiling.flops(), "of ceiling");
            return rate;
        }

        private Objective objective(DecoderShape s) {
            var random = new Random(1);
            var ids = new int[1_000_000];
            Arrays.setAll(ids, i -> (int) ((i * 31L + random.nextInt(7)) % s.vocabulary()));
            TokenStream tokens = TokenStream.of(ids);
            if (!name.equals("bert")) {
                return new CausalObjective(tokens, s.time(), 1, null, 1);
            }
            var masking = Masking.ofTokens(4, 0.15, 5, s.vocabulary());
            return new MaskedObjective(new MaskedWindows(tokens, s.time(), masking, null, 1), null, 1);
        }
    }

    private static ModelConfig config(String name, DecoderShape s) {
        return switch (name) {
            case "m10-llama" ->
                ModelConfig.llama(s.vocabulary(), s.time(), s.layers(), s.heads(), s.width())
                        .build();
            case "bert" ->
                ModelConfig.bert(s.vocabulary(), s.time(), s.layers(), s.heads(), s.width())
                        .build();
            default ->
                ModelConfig.gpt2(s.vocabulary(), s.time(), s.layers(), s.heads(), s.width())
                        .feedForward(FeedForward.GELU)
                        .build();
        };
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
