package dev.athanor.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.athanor.lm.format.ConfigJson;
import dev.athanor.lm.format.WeightFile;
import dev.athanor.lm.format.WeightLayout;
import dev.athanor.lm.model.LayerAttention;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.ParameterSpec;
import dev.athanor.lm.model.RotaryScaling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

class LanguageModelTest {

    @TempDir
    Path folder;

    static Stream<Arguments> familiesAndOptions() {
        return Stream.concat(
                Architectures.all(),
                Stream.of(
                        Arguments.of(
                                "gpt2 with dropout",
                                ModelConfig.gpt2(50, 16, 2, 2, 32).dropout(0.1).build()),
                        Arguments.of(
                                "mistral",
                                ModelConfig.llama(50, 16, 2, 4, 32)
                                        .attention(List.of(
                                                LayerAttention.slidingWindow(8, LayerAttention.Positions.ROTARY)))
                                        .build()),
                        Arguments.of(
                                "llama with another base",
                                ModelConfig.llama(50, 16, 2, 4, 32)
                                        .rotaryTheta(500)
                                        .build())));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "gpt2, GPT2",
        "llama, LLAMA",
        "rotary-llama3, LLAMA",
        "sliding-window, MISTRAL",
        "bert, BERT",
        "albert, ATHANOR"
    })
    void familiesHaveTheirOwnLayout(String name, WeightLayout layout) {
        var configs = new java.util.HashMap<>(Architectures.decoderConfigs());
        configs.putAll(Architectures.encoderConfigs());
        assertThat(WeightLayout.of(configs.get(name))).isEqualTo(layout);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("familiesAndOptions")
    void savedAndLoadedItIsTheSame(String name, ModelConfig config) throws IOException {
        try (var model = LanguageModel.create(config, 5, Device.cpu())) {
            model.save(folder);
            try (var loaded = LanguageModel.load(folder, Device.cpu())) {
                assertThat(loaded.config()).isEqualTo(config);
                assertThat(loaded.parameters().keySet())
                        .isEqualTo(model.parameters().keySet());
                model.parameters()
                        .forEach((parameter, array) -> assertThat(
                                        loaded.parameter(parameter).toFloatArray())
                                .as(parameter)
                                .isEqualTo(array.toFloatArray()));
                loaded.save(folder.resolve("again"));
            }
        }
        assertThat(folder.resolve("again/model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("model.safetensors"));
        assertThat(folder.resolve("again/config.json")).hasSameBinaryContentAs(folder.resolve("config.json"));
    }

    @Test
    void baseAndScalingOfRotaryPositionsMayStandInOneObject() throws IOException {
        String shared =
                "{\"model_type\": \"llama\", \"vocab_size\": 50, \"max_position_embeddings\": 16, \"hidden_size\": 32,"
                        + " \"num_hidden_layers\": 1, \"num_attention_heads\": 2, \"intermediate_size\": 64, ";
        String scaling =
                "\"rope_type\": \"llama3\", \"factor\": 8.0, \"low_freq_factor\": 1.0, \"high_freq_factor\": 4.0,"
                        + " \"original_max_position_embeddings\": 8}}";
        ModelConfig apart = config(shared + "\"rope_theta\": 500.0, \"rope_scaling\": {" + scaling);
        ModelConfig joined = config(shared + "\"rope_parameters\": {\"rope_theta\": 500.0, " + scaling);
        assertThat(joined).isEqualTo(apart);
        assertThat(joined.rotaryTheta()).isEqualTo(500);
        assertThat(joined.rotaryScaling()).isEqualTo(RotaryScaling.llama3(8, 1, 4, 8));
    }

    private ModelConfig config(String json) throws IOException {
        Path file = folder.resolve("config.json");
        Files.writeString(file, json);
        return ConfigJson.read(ConfigJson.readFile(file));
    }

    @Test
    void aModelSavedUnderItsOwnNameKeepsItsOwnLayout() throws IOException {
        ModelConfig config =
                ModelConfig.bert(50, 16, 1, 2, 32).nextSentenceHead(false).build();
        try (var model = LanguageModel.create(config, 5, Device.cpu())) {
            WeightFile.write(folder.resolve("model.safetensors"), config, WeightLayout.ATHANOR, model.parameters());
            var json = JsonMapper.builder().build().createObjectNode().put("model_type", "athanor");
            json.putPOJO("model", config);
            Files.writeString(folder.resolve("config.json"), json.toString());
            try (var loaded = LanguageModel.load(folder, Device.cpu())) {
                assertThat(loaded.parameter("masked.dense.weight").toFloatArray())
                        .isEqualTo(model.parameter("masked.dense.weight").toFloatArray());
            }
        }
    }

    @Test
    void aHeadThatTheFileLacksBeginsAnew() throws IOException {
        ModelConfig bare = ModelConfig.bert(50, 16, 1, 2, 32)
                .maskedHead(false)
                .nextSentenceHead(false)
                .build();
        try (var model = LanguageModel.create(bare, 5, Device.cpu())) {
            model.save(folder);
        }
        try (var loaded = LanguageModel.load(
                        folder, c -> c.toBuilder().maskedHead(true).build(), 7, Device.cpu());
                var saved = LanguageModel.load(folder, Device.cpu());
                var fresh = LanguageModel.create(loaded.config(), 7, Device.cpu())) {
            assertThat(loaded.config().maskedHead()).isTrue();
            assertThat(loaded.parameter("masked.dense.weight").toFloatArray())
                    .isEqualTo(fresh.parameter("masked.dense.weight").toFloatArray());
            assertThat(loaded.parameter("masked.norm.weight").toFloatArray()).containsOnly(1);
            assertThat(loaded.parameter("tokens.weight").toFloatArray())
                    .isEqualTo(saved.parameter("tokens.weight").toFloatArray())
                    .isNotEqualTo(fresh.parameter("tokens.weight").toFloatArray());
        }
    }

    @Test
    void aFaultOfALayersAttentionNamesItsKind() {
        assertThatThrownBy(() -> LayerAttention.slidingWindow(0, LayerAttention.Positions.NONE))
                .hasMessageContaining("window is 0")
                .hasMessageEndingWith("(SLIDING_WINDOW)");
    }

    @Test
    void theSeedFixesTheWeights() {
        ModelConfig config = ModelConfig.gpt2(50, 16, 2, 2, 32).build();
        try (var a = LanguageModel.create(config, 5, Device.cpu());
                var b = LanguageModel.create(config, 5, Device.cpu());
                var c = LanguageModel.create(config, 6, Device.cpu())) {
            float[] first = a.parameter("tokens.weight").toFloatArray();
            assertThat(b.parameter("tokens.weight").toFloatArray()).isEqualTo(first);
            assertThat(c.parameter("tokens.weight").toFloatArray()).isNotEqualTo(first);
        }
    }

    @Test
    void initialWeightsAreNormalWithTheSchemesDeviations() {
        ModelConfig config = ModelConfig.gpt2(2000, 16, 8, 2, 64).build();
        try (var model = LanguageModel.create(config, 5, Device.cpu())) {
            assertThat(deviation(model.parameter("tokens.weight"))).isBetween(0.0198, 0.0202);
            assertThat(deviation(model.parameter("layers.3.attention.out.weight")))
                    .isBetween(0.0048, 0.0052);
            assertThat(model.parameter("layers.3.attention.qkv.bias").toFloatArray())
                    .containsOnly(0);
            assertThat(model.parameter("norm.weight").toFloatArray()).containsOnly(1);
        }
    }

    @Test
    void countsParametersAsGpt2IsKnownToHave() {
        assertThat(ParameterSpec.count(
                        ModelConfig.gpt2(50257, 1024, 12, 12, 768).build()))
                .isEqualTo(124_439_808);
    }

    @Test
    void aSequenceLongerThanTheContextIsRefused() {
        try (var model = LanguageModel.create(ModelConfig.gpt2(50, 4, 1, 1, 8).build(), 1, Device.cpu());
                NDManager manager = Devices.newManager(Device.cpu())) {
            assertThatThrownBy(() -> hidden(model, manager, new long[5])).hasMessageContaining("at most 4");
        }
    }

    @Test
    void whatCannotBeLoadedIsNamed() throws IOException {
        try (var model = LanguageModel.create(ModelConfig.gpt2(50, 4, 1, 1, 8).build(), 1, Device.cpu())) {
            model.save(folder);
        }
        Path config = folder.resolve("config.json");
        String json = Files.readString(config);
        Files.writeString(config, json.replace("\"n_embd\" : 8", "\"n_embd\" : 16"));
        assertThatThrownBy(() -> LanguageModel.load(folder, Device.cpu()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("transformer.wte.weight")
                .hasMessageContaining("[50, 16]");
        Files.writeString(config, json.replace("gpt2", "mamba"));
        assertThatThrownBy(() -> LanguageModel.load(folder, Device.cpu())).hasMessageContaining("\"mamba\"");
        Files.writeString(config, json.replace("\"n_head\" : 1", "\"n_head\" : 3"));
        assertThatThrownBy(() -> LanguageModel.load(folder, Device.cpu())).hasMessageContaining("multiple of heads");
        Files.writeString(config, "[1]");
        assertThatThrownBy(() -> LanguageModel.load(folder, Device.cpu())).hasMessageContaining("not a JSON object");
    }

    private static float[] hidden(LanguageModel model, NDManager manager, long[] ids) {
        return model.transformer()
                .hidden(manager.create(ids, new Shape(1, ids.length)), false)
                .toFloatArray();
    }

    private static double deviation(NDArray array) {
        double squares = 0;
        for (float value : array.toFloatArray()) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares / array.size());
    }
}
