package dev.athanor.lm.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import dev.athanor.lm.Architectures;
import dev.athanor.lm.Devices;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.Texts;
import dev.athanor.lm.data.MaskedWindows;
import dev.athanor.lm.data.Masking;
import dev.athanor.lm.data.TokenStream;
import dev.athanor.lm.model.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The first 20 losses of eight runs that have most options between them, as they were when the runs were pinned: a refactoring changes
 * none. Training is on one thread, whatever the environment says: the losses are to the bit what this kind of processor gave before,
 * and to 1e-3 what others gave. To pin anew after a wanted change, or for another kind of processor:
 * {@code -Dathanor.golden.write=FOLDER} on the folder with the records.
 */
class GoldenLossesTest {

    private static final double ELSEWHERE = 1e-3;

    @TempDir
    Path folder;

    private int threads;

    /** Losses in order, by what {@link #processor} gave for the machine that they were made on. */
    private record Records(SortedMap<String, double[]> losses) {

        static Records of(Properties properties) {
            var losses = new TreeMap<String, double[]>();
            properties.stringPropertyNames().stream()
                    .filter(key -> key.startsWith("processor."))
                    .forEach(key -> losses.put(
                            properties.getProperty(key),
                            Arrays.stream(properties
                                            .getProperty(key.replace("processor", "losses"))
                                            .split(","))
                                    .mapToDouble(Double::parseDouble)
                                    .toArray()));
            return new Records(losses);
        }

        /** Those that no longer agree are left out. */
        void write(Path file, String processor, double[] now) throws IOException {
            losses.values().removeIf(old -> !agree(old, now));
            losses.put(processor, now);
            var lines = new StringBuilder();
            int number = 0;
            for (var entry : losses.entrySet()) {
                number++;
                lines.append("processor.%d=%s\nlosses.%d=".formatted(number, entry.getKey(), number))
                        .append(Arrays.stream(entry.getValue())
                                .mapToObj(Double::toHexString)
                                .collect(Collectors.joining(",")))
                        .append('\n');
            }
            Files.createDirectories(file.getParent());
            Files.writeString(file, lines);
        }

        private static boolean agree(double[] one, double[] other) {
            for (int i = 0; i < one.length; i++) {
                if (Math.abs(one[i] - other[i]) > ELSEWHERE) {
                    return false;
                }
            }
            return true;
        }
    }

    @BeforeEach
    void oneThread() {
        // The engine sets its own number when it starts.
        Devices.newManager(Device.cpu()).close();
        threads = torch.get_num_threads();
        torch.set_num_threads(1);
    }

    @AfterEach
    void threadsAsBefore() {
        torch.set_num_threads(threads);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "gpt2, FP32, 0.1",
        "llama, FP32, 0",
        "grouped-query, BF16, 0",
        "experts, FP32, 0",
        "relative, FP32, 0",
        "mixed-layers, BF16, 0.1",
        "masked-next-sentence, FP32, 0",
        "shared-alibi, FP32, 0",
    })
    void theFirstLossesAreThePinnedOnes(String name, Precision precision, double dropout) throws Exception {
        double[] losses = losses(config(name).toBuilder().dropout(dropout).build(), precision);
        String write = System.getProperty("athanor.golden.write");
        var properties = new Properties();
        try (var in = getClass().getResourceAsStream("/golden/" + name + ".properties")) {
            assertThat(in != null || write != null).as("golden file of " + name).isTrue();
            if (in != null) {
                properties.load(in);
            }
        }
        Records pinned = Records.of(properties);
        if (write != null) {
            pinned.write(Path.of(write).resolve(name + ".properties"), processor(), losses);
            return;
        }
        assertThat(pinned.losses()).isNotEmpty();
        pinned.losses()
                .forEach((processor, known) -> assertThat(losses)
                        .as(processor)
                        .containsExactly(known, within(processor.equals(processor()) ? 0 : ELSEWHERE)));
    }

    private static ModelConfig config(String name) {
        return switch (name) {
            // Biases, learned positions and layer norms after the parts; both objectives of BERT.
            case "masked-next-sentence" -> Architectures.encoderConfigs().get("bert");
            case "shared-alibi" ->
                Architectures.decoderConfigs().get("alibi").toBuilder()
                        .layers(3)
                        .distinctLayers(1)
                        .normPlacement(ModelConfig.NormPlacement.POST)
                        .build();
            default -> Architectures.decoderConfigs().get(name);
        };
    }

    private static Objective objective(ModelConfig config) {
        TokenStream text = Texts.chain(config.vocabularySize(), 4000, 6);
        if (config.stack() == ModelConfig.Stack.DECODER) {
            return new CausalObjective(text, config.context(), 9, null, 100);
        }
        var masking = Masking.ofTokens(3, 0.2, 4, config.vocabularySize());
        return new MaskedObjective(
                new MaskedWindows(text, config.context(), masking, new MaskedWindows.SentencePairs(1, 2), 9),
                null,
                100);
    }

    private double[] losses(ModelConfig config, Precision precision) throws Exception {
        var training = TrainingConfig.builder(20, 8)
                .microBatchSize(4)
                .precision(precision)
                .learningRate(5e-3)
                .warmupSteps(5)
                .validationTokens(100)
                .seed(9)
                .build();
        List<Double> losses = new ArrayList<>();
        try (LanguageModel model = LanguageModel.create(config, 4, Device.cpu())) {
            new Pretraining(model, training, objective(config), new FolderCheckpoints(folder), folder)
                    .run(new TrainingListener() {
                        @Override
                        public void step(StepMetrics metrics) {
                            losses.add(metrics.loss());
                        }
                    });
        }
        return losses.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** The processor's name, and the widest arithmetic it has: one name is given to processors of several generations. */
    private static String processor() {
        try {
            List<String> lines = Files.readAllLines(Path.of("/proc/cpuinfo"));
            List<String> flags = List.of(value(lines, "flags").split(" "));
            String widest = Stream.of("amx_bf16", "avx512_bf16", "avx512f", "avx2")
                    .filter(flags::contains)
                    .findFirst()
                    .orElse("none");
            // One name is sold with cores of several generations, whose kernels differ.
            return "%s, family %s model %s, %s"
                    .formatted(value(lines, "model name"), value(lines, "cpu family"), value(lines, "model\t"), widest);
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static String value(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.replaceFirst(".*?:\\s*", ""))
                .findFirst()
                .orElse("unknown");
    }
}
