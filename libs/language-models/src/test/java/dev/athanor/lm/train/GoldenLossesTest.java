package dev.athanor.lm.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import dev.athanor.lm.Architectures;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.Texts;
import dev.athanor.lm.model.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The first 20 losses of six runs that have most options between them, as they were when the runs were pinned: a refactoring changes
 * none. They must agree to 1e-3 everywhere, and to the bit with one thread (OMP_NUM_THREADS=1) on the processor they were made on.
 * To pin anew after a wanted change: {@code -Dathanor.golden.write=FOLDER}.
 */
class GoldenLossesTest {

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "gpt2, FP32, 0.1",
        "llama, FP32, 0",
        "grouped-query, BF16, 0",
        "experts, FP32, 0",
        "relative, FP32, 0",
        "mixed-layers, BF16, 0.1",
    })
    void theFirstLossesAreThePinnedOnes(String name, Precision precision, double dropout) throws Exception {
        ModelConfig config = Architectures.decoderConfigs().get(name).toBuilder()
                .dropout(dropout)
                .build();
        double[] losses = losses(config, precision);
        String write = System.getProperty("athanor.golden.write");
        if (write != null) {
            write(Path.of(write).resolve(name + ".properties"), losses);
        }
        var golden = new Properties();
        try (var in = getClass().getResourceAsStream("/golden/" + name + ".properties")) {
            assertThat(in).as("golden file of " + name).isNotNull();
            golden.load(in);
        }
        double[] pinned = Arrays.stream(golden.getProperty("losses").split(","))
                .mapToDouble(Double::parseDouble)
                .toArray();
        assertThat(losses).containsExactly(pinned, within(precision == Precision.FP32 ? 1e-3 : 1e-2));
        if ("1".equals(System.getenv("OMP_NUM_THREADS")) && processor().equals(golden.getProperty("processor"))) {
            assertThat(losses).containsExactly(pinned);
        }
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
            new Pretraining(
                            model,
                            training,
                            Texts.chain(config.vocabularySize(), 4000, 6),
                            null,
                            new FolderCheckpoints(folder),
                            folder)
                    .run(new TrainingListener() {
                        @Override
                        public void step(StepMetrics metrics) {
                            losses.add(metrics.loss());
                        }
                    });
        }
        return losses.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static void write(Path file, double[] losses) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(
                file,
                "processor=" + processor() + "\nlosses="
                        + String.join(
                                ",",
                                Arrays.stream(losses)
                                        .mapToObj(Double::toHexString)
                                        .toList()) + "\n");
    }

    private static String processor() throws IOException {
        Path info = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(info)) {
            return "unknown";
        }
        return Files.readAllLines(info).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.replaceFirst(".*:\\s*", ""))
                .findFirst()
                .orElse("unknown");
    }
}
