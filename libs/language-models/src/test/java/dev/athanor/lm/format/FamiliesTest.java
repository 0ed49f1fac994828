package dev.athanor.lm.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.athanor.libtorch.RawData;
import dev.athanor.lm.Devices;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.RotaryScaling;
import dev.athanor.lm.model.Transformer;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of the known families mean the same to this library as by the families' definitions. */
class FamiliesTest {

    private static final int[] IDS = {3, 17, 4, 39, 0, 22, 8, 8, 31, 5};

    @TempDir
    Path folder;

    @Test
    void gpt2() throws IOException {
        double[][] logits = logits(ModelConfig.gpt2(40, 12, 3, 4, 32).build(), null);
        assertEqual(logits, plain().gpt2(IDS, 3, 4, 1e-5));
    }

    @Test
    void gpt2WithoutTheNameOfTheOuterModule() throws IOException {
        double[][] logits = logits(ModelConfig.gpt2(40, 12, 2, 2, 16).build(), null);
        try (SafetensorsFile file = SafetensorsFile.open(folder.resolve("model.safetensors"))) {
            var bare = file.tensors().values().stream()
                    .map(t -> SafetensorsFile.Source.of(
                            t.name().replace("transformer.", ""), t.type(), t.shape(), t.bytes()))
                    .toList();
            Files.createDirectory(folder.resolve("bare"));
            SafetensorsFile.write(folder.resolve("bare/model.safetensors"), bare, new java.util.TreeMap<>());
        }
        Files.copy(folder.resolve("config.json"), folder.resolve("bare/config.json"));
        try (LanguageModel model = LanguageModel.load(folder.resolve("bare"), Device.cpu())) {
            assertEqual(logits(model, null), logits);
        }
    }

    @Test
    void severalFilesWithAnIndex() throws IOException {
        double[][] logits = logits(ModelConfig.llama(40, 12, 2, 2, 16).build(), null);
        Path parts = Files.createDirectory(folder.resolve("parts"));
        var index = new StringBuilder();
        try (SafetensorsFile file = SafetensorsFile.open(folder.resolve("model.safetensors"))) {
            for (int part = 0; part < 2; part++) {
                String name = "model-0000" + (part + 1) + "-of-00002.safetensors";
                boolean norms = part == 1;
                var sources = file.tensors().values().stream()
                        .filter(t -> t.name().contains("norm") == norms)
                        .map(t -> SafetensorsFile.Source.of(t.name(), t.type(), t.shape(), t.bytes()))
                        .toList();
                SafetensorsFile.write(parts.resolve(name), sources, new java.util.TreeMap<>());
                sources.forEach(
                        t -> index.append(index.isEmpty() ? "" : ", ").append('"' + t.name() + "\": \"" + name + '"'));
            }
        }
        Files.copy(folder.resolve("config.json"), parts.resolve("config.json"));
        Path file = parts.resolve("model.safetensors.index.json");
        String map = "{\"metadata\": {}, \"weight_map\": {" + index + "}}";
        Files.writeString(file, map);
        try (LanguageModel model = LanguageModel.load(parts, Device.cpu())) {
            assertEqual(logits(model, null), logits);
        }
        Files.writeString(file, map.replaceFirst("\"model-00001-", "\"../model-00001-"));
        assertThatThrownBy(() -> LanguageModel.load(parts, Device.cpu()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("'../model-00001-of-00002.safetensors'");
        Files.writeString(file, map.replaceFirst("\"model-00001-of", "\"model-00002-of"));
        assertThatThrownBy(() -> LanguageModel.load(parts, Device.cpu()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no tensor");
        Files.writeString(file, "{}");
        assertThatThrownBy(() -> LanguageModel.load(parts, Device.cpu())).hasMessageContaining("weight_map");
    }

    @ParameterizedTest
    @CsvSource({"4, true", "2, true", "1, false"})
    void llama(int keyValueHeads, boolean tied) throws IOException {
        double[][] logits = logits(
                ModelConfig.llama(40, 12, 3, 4, 32)
                        .keyValueHeads(keyValueHeads)
                        .tiedEmbeddings(tied)
                        .rotaryTheta(500)
                        .build(),
                null);
        double[] frequencies = {1, Math.pow(500, -0.25), Math.pow(500, -0.5), Math.pow(500, -0.75)};
        String head = tied ? "model.embed_tokens.weight" : "lm_head.weight";
        assertEqual(logits, plain().llama(IDS, 3, 4, keyValueHeads, 1e-5, frequencies, head));
    }

    @Test
    void llamaWithScaledPositions() throws IOException {
        double[][] logits = logits(
                ModelConfig.llama(40, 12, 2, 2, 16)
                        .rotaryScaling(RotaryScaling.llama3(8, 1, 4, 64))
                        .build(),
                null);
        // Wave lengths below 64/4 stay, above 64 are stretched, between are blended (the rule of Llama 3.1).
        double[] frequencies = new double[4];
        for (int i = 0; i < 4; i++) {
            double plain = Math.pow(10_000, -i / 4.0);
            double wave = 2 * Math.PI / plain;
            double smooth = (64 / wave - 1) / (4 - 1);
            frequencies[i] = wave < 16 ? plain : wave > 64 ? plain / 8 : (1 - smooth) * plain / 8 + smooth * plain;
        }
        assertEqual(logits, plain().llama(IDS, 2, 2, 2, 1e-5, frequencies, "model.embed_tokens.weight"));
    }

    @Test
    void bert() throws IOException {
        int[] segments = {0, 0, 0, 0, 0, 1, 1, 1, 1, 1};
        ModelConfig config = ModelConfig.bert(40, 12, 3, 4, 32).build();
        double[][] logits = logits(config, segments);
        assertEqual(logits, plain().bert(IDS, segments, 3, 4, 1e-12));
        try (LanguageModel model = LanguageModel.load(folder, Device.cpu());
                NDManager manager = Devices.newManager(Device.cpu())) {
            NDArray hidden_BTC =
                    model.transformer().forward(input(manager, segments)).hidden_BTC();
            float[] next = model.transformer().heads().nextSentence(hidden_BTC).toFloatArray();
            double[] first = new double[32];
            Arrays.setAll(first, i -> hidden_BTC.toFloatArray()[i]);
            double[] expected = plain().bertNextSentence(first);
            assertThat(next[0]).isCloseTo((float) expected[0], within(1e-4f));
            assertThat(next[1]).isCloseTo((float) expected[1], within(1e-4f));
        }
    }

    private PlainFamilies plain() throws IOException {
        return new PlainFamilies(folder.resolve("model.safetensors"));
    }

    /** Of a model with random values in all parameters, saved and loaded again. */
    private double[][] logits(ModelConfig config, int[] segments) throws IOException {
        try (LanguageModel model = LanguageModel.create(config, 1, Device.cpu())) {
            var random = new Random(5);
            model.parameters()
                    .values()
                    .forEach(array -> RawData.write(array, values -> {
                        for (long i = 0; i < array.size(); i++) {
                            values.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (0.3 * random.nextGaussian()));
                        }
                    }));
            model.save(folder);
        }
        try (LanguageModel model = LanguageModel.load(folder, Device.cpu())) {
            return logits(model, segments);
        }
    }

    private static double[][] logits(LanguageModel model, int[] segments) {
        try (NDManager manager = Devices.newManager(Device.cpu())) {
            Transformer transformer = model.transformer();
            NDArray hidden_BTC = transformer.forward(input(manager, segments)).hidden_BTC();
            float[] flat = transformer.heads().logits(hidden_BTC).toFloatArray();
            int V = model.config().vocabularySize();
            double[][] logits = new double[IDS.length][V];
            for (int t = 0; t < IDS.length; t++) {
                for (int v = 0; v < V; v++) {
                    logits[t][v] = flat[t * V + v];
                }
            }
            return logits;
        }
    }

    private static Transformer.Input input(NDManager manager, int[] segments) {
        var shape = new Shape(1, IDS.length);
        NDArray ids_BT = manager.create(Arrays.stream(IDS).asLongStream().toArray(), shape);
        NDArray segments_BT = segments == null
                ? null
                : manager.create(Arrays.stream(segments).asLongStream().toArray(), shape);
        return new Transformer.Input(ids_BT, null, segments_BT, false, null);
    }

    private static void assertEqual(double[][] actual, double[][] expected) {
        assertThat(actual.length).isEqualTo(expected.length);
        double largest = 0;
        for (int t = 0; t < expected.length; t++) {
            assertThat(actual[t]).as("logits at " + t).containsExactly(expected[t], within(1e-4));
            largest = Math.max(
                    largest, Arrays.stream(expected[t]).map(Math::abs).max().orElse(0));
        }
        assertThat(largest).as("logits that are not all but zero").isGreaterThan(0.5);
    }
}
