package dev.athanor.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.athanor.lm.model.LayerAttention;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.ParameterSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LanguageModelTest {

    @TempDir
    Path folder;

    static Stream<ModelConfig> families() {
        return Stream.of(
                ModelConfig.gpt2(50, 16, 2, 2, 32).dropout(0.1).build(),
                ModelConfig.llama(50, 16, 2, 4, 32).keyValueHeads(2).build(),
                ModelConfig.llama(50, 16, 2, 4, 32)
                        .tiedEmbeddings(false)
                        .rotaryTheta(500)
                        .build(),
                ModelConfig.builder()
                        .vocabularySize(50)
                        .context(16)
                        .layers(3)
                        .positions(ModelConfig.Positions.SINUSOIDAL)
                        .feedForward(ModelConfig.FeedForward.GEGLU)
                        .attention(List.of(
                                LayerAttention.full(LayerAttention.Positions.ROTARY),
                                LayerAttention.full(LayerAttention.Positions.NONE)))
                        .build());
    }

    @ParameterizedTest
    @MethodSource("families")
    void savedAndLoadedItIsTheSame(ModelConfig config) throws IOException {
        try (var model = LanguageModel.create(config, 5, Device.cpu())) {
            model.save(folder);
            try (var loaded = LanguageModel.load(folder, Device.cpu())) {
                assertThat(loaded.config()).isEqualTo(config);
                assertThat(loaded.parameters().keySet())
                        .isEqualTo(model.parameters().keySet());
                model.parameters()
                        .forEach((name, array) -> assertThat(
                                        loaded.parameter(name).toFloatArray())
                                .as(name)
                                .isEqualTo(array.toFloatArray()));
                loaded.save(folder.resolve("again"));
            }
        }
        assertThat(folder.resolve("again/model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("model.safetensors"));
        assertThat(folder.resolve("again/config.json")).hasSameBinaryContentAs(folder.resolve("config.json"));
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

    @ParameterizedTest
    @MethodSource("families")
    void noPositionSeesWhatComesAfter(ModelConfig config) {
        try (var model = LanguageModel.create(config, 5, Device.cpu());
                NDManager manager = Devices.newManager(Device.cpu())) {
            long[] ids = {3, 1, 4, 1, 5, 9, 2, 6};
            long[] changed = {3, 1, 4, 1, 5, 9, 40, 41};
            float[] before = hidden(model, manager, ids);
            float[] after = hidden(model, manager, changed);
            int width = config.width();
            for (int t = 0; t < 6; t++) {
                for (int c = 0; c < width; c++) {
                    assertThat(after[t * width + c]).isEqualTo(before[t * width + c]);
                }
            }
            assertThat(after[6 * width]).isNotEqualTo(before[6 * width]);
        }
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
        assertThatThrownBy(() -> LanguageModel.load(folder, Device.cpu())).hasMessageContaining("'mamba'");
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
