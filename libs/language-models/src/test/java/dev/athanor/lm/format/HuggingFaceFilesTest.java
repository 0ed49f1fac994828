package dev.athanor.lm.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.athanor.lm.Devices;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.format.SafetensorsFile.Type;
import dev.athanor.lm.model.Transformer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** What transformers writes is read as it means it, or refused by the field's name. */
class HuggingFaceFilesTest {

    private static final int[] IDS = {3, 17, 4, 39, 0, 22, 8, 8, 31, 5};
    private static final int[] SEGMENTS = {0, 0, 0, 0, 0, 1, 1, 1, 1, 1};
    private static final String WORDS = "bert.embeddings.word_embeddings.weight";

    private static final String GPT2 = """
            {"activation_function": "gelu_new", "architectures": ["GPT2LMHeadModel"], "attn_pdrop": 0.1, "bos_token_id": 38,
             "embd_pdrop": 0.1, "eos_token_id": 38, "initializer_range": 0.02, "layer_norm_epsilon": 1e-05, "model_type": "gpt2",
             "n_ctx": 12, "n_embd": 32, "n_head": 4, "n_inner": null, "n_layer": 2, "n_positions": 12, "reorder_and_upcast_attn": false,
             "resid_pdrop": 0.1, "scale_attn_by_inverse_layer_idx": false, "scale_attn_weights": true, "summary_activation": null,
             "torch_dtype": "float32", "use_cache": true, "vocab_size": 40}""";

    private static final String LLAMA = """
            {"architectures": ["LlamaForCausalLM"], "attention_bias": null, "attention_dropout": 0.0, "bos_token_id": 1,
             "eos_token_id": [2, 7], "head_dim": null, "hidden_act": null, "hidden_size": 32, "initializer_range": 0.02,
             "intermediate_size": 48, "max_position_embeddings": 64, "mlp_bias": false, "model_type": "llama",
             "num_attention_heads": 4, "num_hidden_layers": 2, "num_key_value_heads": 2, "pad_token_id": -1, "pretraining_tp": 1,
             "rms_norm_eps": 1e-05, "rope_scaling": {"factor": 4.0, "type": "linear"}, "rope_theta": 500.0,
             "tie_word_embeddings": false, "torch_dtype": "bfloat16", "vocab_size": 40}""";

    private static final String MISTRAL = """
            {"architectures": ["MistralForCausalLM"], "attention_dropout": 0.0, "bos_token_id": 1, "eos_token_id": 2, "head_dim": 8,
             "hidden_act": "silu", "hidden_size": 32, "intermediate_size": 48, "max_position_embeddings": 64,
             "model_type": "mistral", "num_attention_heads": 4, "num_hidden_layers": 2, "num_key_value_heads": 2,
             "rms_norm_eps": 1e-05, "rope_parameters": {"rope_theta": 500.0}, "sliding_window": 4, "dtype": "float16",
             "tie_word_embeddings": false, "vocab_size": 40}""";

    private static final String BERT = """
            {"architectures": ["BertForMaskedLM"], "attention_probs_dropout_prob": 0.1, "classifier_dropout": null,
             "gradient_checkpointing": false, "hidden_act": "gelu", "hidden_dropout_prob": 0.1, "hidden_size": 32,
             "initializer_range": 0.02, "intermediate_size": 128, "layer_norm_eps": 1e-12, "max_position_embeddings": 12,
             "model_type": "bert", "num_attention_heads": 4, "num_hidden_layers": 2, "pad_token_id": 0,
             "position_embedding_type": "absolute", "type_vocab_size": 2, "use_cache": true, "vocab_size": 40}""";

    private static final double[] FREQUENCIES = {1, Math.pow(500, -0.25), Math.pow(500, -0.5), Math.pow(500, -0.75)};

    @TempDir
    Path folder;

    @Test
    void gpt2WithBareNamesAndTheBuffersOfItsMasks() throws IOException {
        var files = HuggingFaceFiles.gpt2(Type.F32, 40, 12, 2, 32);
        files.write(folder, GPT2, name -> name.replace("transformer.", ""), 1);
        assertLogits(files.plain().gpt2(IDS, 2, 4, 1e-5));
        assertThat(SpecialIds.read(ConfigJson.readFile(folder.resolve("again/config.json"))))
                .isEqualTo(new SpecialIds(38, List.of(38), null));
    }

    @Test
    void gpt2WithAHeadOfItsOwnAndExactGelu() throws IOException {
        var files = HuggingFaceFiles.gpt2(Type.F32, 40, 12, 2, 32).weight("lm_head.weight", 40, 32);
        String config = GPT2.replace("\"use_cache\"", "\"tie_word_embeddings\": false, \"use_cache\"");
        files.write(folder, config, UnaryOperator.identity(), 1);
        assertLogits(files.plain().gpt2(IDS, 2, 4, 1e-5, "lm_head.weight"));
        Files.writeString(folder.resolve("config.json"), config.replace("gelu_new", "gelu"));
        try (LanguageModel model = LanguageModel.load(folder, Device.cpu())) {
            model.save(folder.resolve("exact"));
        }
        assertThat(folder.resolve("exact/config.json")).content().contains("\"activation_function\" : \"gelu\"");
    }

    @Test
    void llamaInBfloat16InThreeFilesWithLinearlyScaledPositions() throws IOException {
        var files = HuggingFaceFiles.llama(Type.BF16, 40, 2, 32, 16, 48);
        files.write(folder, LLAMA, UnaryOperator.identity(), 3);
        double[] quarter = Arrays.stream(FREQUENCIES).map(f -> f / 4).toArray();
        assertLogits(files.plain().llama(IDS, 2, 4, 2, 1e-5, quarter, "lm_head.weight"));
        assertThat(SpecialIds.read(ConfigJson.readFile(folder.resolve("again/config.json"))))
                .isEqualTo(new SpecialIds(1, List.of(2, 7), null));
    }

    @ParameterizedTest
    @CsvSource({"1", "4"})
    void mistralSeesAsFarAsItsWindow(int factor) throws IOException {
        var files = HuggingFaceFiles.llama(Type.F16, 40, 2, 32, 16, 48);
        String config = factor == 1
                ? MISTRAL
                : MISTRAL.replace("{\"rope_theta\"", "{\"rope_type\": \"linear\", \"factor\": 4.0, \"rope_theta\"");
        files.write(folder, config, UnaryOperator.identity(), 2);
        double[] frequencies = Arrays.stream(FREQUENCIES).map(f -> f / factor).toArray();
        double[][] expected = files.plain().mistral(IDS, 2, 4, 2, 1e-5, frequencies, 4, "lm_head.weight");
        assertLogits(expected);
        assertThat(ConfigJson.readFile(folder.resolve("again/config.json"))
                        .path("model_type")
                        .asString())
                .isEqualTo("mistral");
        double[][] unbounded = files.plain().llama(IDS, 2, 4, 2, 1e-5, frequencies, "lm_head.weight");
        assertThat(expected[9][0]).as("a window that matters").isNotCloseTo(unbounded[9][0], within(1e-2));
    }

    @Test
    void bertAsItCameOutOfTensorFlow() throws IOException {
        var files = HuggingFaceFiles.bert(Type.F32, 40, 12, 2, 32)
                .maskedHead(40, 32)
                .linear("cls.seq_relationship", 2, 32);
        UnaryOperator<String> names =
                name -> name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta");
        double[][] expected = files.plain().bert(IDS, SEGMENTS, 2, 4, 1e-12);
        files.write(folder, BERT, names, 1);
        assertLogits(expected, SEGMENTS);
        assertThat(folder.resolve("again/config.json")).content().contains("BertForMaskedLM");
        files.write(folder, BERT.replace("BertForMaskedLM", "BertForPreTraining"), names, 1);
        assertLogits(expected, SEGMENTS);
        assertThat(folder.resolve("again/config.json")).content().contains("BertForPreTraining");
        String unnamed = BERT.replace("\"architectures\": [\"BertForMaskedLM\"], ", "");
        files.write(folder, unnamed, names, 1);
        assertThat(LanguageModel.readConfig(folder).nextSentenceHead()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void bertForMaskedLanguageModellingHasNoPooler(boolean tied) throws IOException {
        var files = HuggingFaceFiles.bert(Type.F32, 40, 12, 2, 32)
                .without("bert.pooler")
                .maskedHead(40, 32);
        String decoder = tied ? WORDS : "cls.predictions.decoder.weight";
        if (!tied) {
            files.weight(decoder, 40, 32);
        }
        files.write(
                folder,
                BERT.replace("\"use_cache\"", "\"tie_word_embeddings\": " + tied + ", \"use_cache\""),
                name -> tied ? name : name.replace("predictions.bias", "predictions.decoder.bias"),
                1);
        PlainFamilies plain = files.plain();
        assertLogits(plain.bertMasked(plain.bertHidden(IDS, SEGMENTS, 2, 4, 1e-12), decoder, 1e-12), SEGMENTS);
    }

    @ParameterizedTest
    @CsvSource({"BertModel", "BertForSequenceClassification", "none"})
    void bertWithoutHeadsGivesItsHiddenStates(String architecture) throws IOException {
        var files = HuggingFaceFiles.bert(Type.F16, 40, 12, 2, 32);
        String config = architecture.equals("none")
                ? BERT.replace("\"architectures\": [\"BertForMaskedLM\"], ", "")
                : BERT.replace("BertForMaskedLM", architecture);
        files.write(folder, config, name -> name.replace("bert.", ""), 1);
        try (LanguageModel model = LanguageModel.load(folder, Device.cpu());
                NDManager manager = Devices.newManager(Device.cpu())) {
            assertThat(model.config().maskedHead()).isFalse();
            float[] hidden = model.transformer()
                    .forward(input(manager, SEGMENTS))
                    .hidden_BTC()
                    .toFloatArray();
            double[][] expected = files.plain().bertHidden(IDS, SEGMENTS, 2, 4, 1e-12);
            for (int i = 0; i < hidden.length; i++) {
                assertThat(hidden[i]).isCloseTo((float) expected[i / 32][i % 32], within(1e-4f));
            }
            model.save(folder.resolve("again"));
        }
        assertThat(folder.resolve("again/config.json")).content().contains("\"BertModel\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "gpt2 | 'scale_attn_by_inverse_layer_idx': true | scale_attn_by_inverse_layer_idx is true",
                "gpt2 | 'scale_attn_weights': false | scale_attn_weights is false, expected true",
                "gpt2 | 'layer_norm_epsilon': 'x' | layer_norm_epsilon is \"x\", expected a number",
                "gpt2 | 'n_head': 0 | n_head is 0, expected a whole number from 1",
                "gpt2 | 'n_layer': 2000000000 | n_layer is 2000000000",
                "gpt2 | 'activation_function': 'silu' | activation_function",
                "gpt2 | 'eos_token_id': 'end' | eos_token_id is \"end\"",
                "gpt2 | 'quantization_config': {} | quantization_config",
                "gpt2 | 'model_type': 'athanor' | model.stack is missing",
                "llama | 'num_attention_heads': 0 | num_attention_heads is 0",
                "llama | 'rope_scaling': {'type': 'linear'} | rope_scaling.factor is missing",
                "llama | 'rope_scaling': {'factor': 2} | rope_scaling.rope_type is missing",
                "llama | 'rope_scaling': {'type': 'yarn', 'factor': 2} | rope_scaling.type is \"yarn\"",
                "llama | 'attention_bias': true | attention_bias is true, expected false",
                "llama | 'partial_rotary_factor': 0.5 | partial_rotary_factor is 0.5",
                "llama | 'head_dim': 16 | head_dim is 16",
                "llama | 'tie_word_embeddings': 'no' | tie_word_embeddings is \"no\"",
                "bert | 'is_decoder': true | is_decoder is true",
                "bert | 'architectures': ['BertForMagic'] | BertForMagic",
                "bert | 'hidden_act': 'relu' | hidden_act",
                "bert | 'position_embedding_type': 'relative_key' | position_embedding_type",
            })
    void whatWouldMeanAnotherModelIsRefusedByItsField(String family, String change, String expected) {
        String base = switch (family) {
            case "gpt2" -> GPT2;
            case "llama" -> LLAMA;
            default -> BERT;
        };
        String field = change.substring(1, change.indexOf('\'', 1));
        var mapper = JsonMapper.builder().build();
        var json = (tools.jackson.databind.node.ObjectNode) mapper.readTree(base);
        json.set(field, mapper.readTree("{" + change.replace('\'', '"') + "}").path(field));
        assertThatThrownBy(() -> {
                    ConfigJson.read(json);
                    SpecialIds.read(json);
                })
                .isInstanceOf(IOException.class)
                .hasMessageContaining(expected);
    }

    @Test
    void aMistralWithoutAWordOnItsWindowHasThatOfTheFirst() throws IOException {
        var mapper = JsonMapper.builder().build();
        var json = mapper.readTree(
                MISTRAL.replace("\"sliding_window\": 4, ", "").replace("\"num_key_value_heads\": 2,", ""));
        assertThatThrownBy(() -> ConfigJson.read(json)).hasMessageContaining("keyValueHeads is 8");
        var wide = ConfigJson.read(mapper.readTree(MISTRAL.replace("\"sliding_window\": 4, ", "")));
        assertThat(wide.attention(0).window()).isEqualTo(4096);
        var unbounded =
                ConfigJson.read(mapper.readTree(MISTRAL.replace("\"sliding_window\": 4", "\"sliding_window\": null")));
        assertThat(unbounded.attention(0).window()).isZero();
    }

    @Test
    void aConfigurationLargerThanItsFileTakesNoMemory() throws IOException {
        HuggingFaceFiles.gpt2(Type.F32, 40, 12, 2, 32)
                .write(
                        folder,
                        GPT2.replace("\"vocab_size\": 40", "\"vocab_size\": 16000000")
                                .replace("\"n_embd\": 32", "\"n_embd\": 1000000"),
                        UnaryOperator.identity(),
                        1);
        assertThatThrownBy(() -> LanguageModel.load(folder, Device.cpu()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("transformer.wte.weight")
                .hasMessageContaining("[16000000, 1000000]");
    }

    @Test
    void weightsInWholeNumbersAreRefused() throws IOException {
        HuggingFaceFiles.gpt2(Type.F32, 40, 12, 2, 32)
                .without("transformer.wte")
                .buffer("transformer.wte.weight", Type.I8, 40L, 32L)
                .write(folder, GPT2, UnaryOperator.identity(), 1);
        assertThatThrownBy(() -> LanguageModel.load(folder, Device.cpu()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has type I8");
    }

    private void assertLogits(double[][] expected) throws IOException {
        assertLogits(expected, null);
    }

    /** As loaded, and as saved by us and loaded again. */
    private void assertLogits(double[][] expected, int[] segments) throws IOException {
        try (LanguageModel model = LanguageModel.load(folder, Device.cpu())) {
            assertLogits(model, expected, segments);
            model.save(folder.resolve("again"));
        }
        try (LanguageModel model = LanguageModel.load(folder.resolve("again"), Device.cpu())) {
            assertLogits(model, expected, segments);
        }
    }

    private static void assertLogits(LanguageModel model, double[][] expected, int[] segments) {
        try (NDManager manager = Devices.newManager(Device.cpu())) {
            Transformer transformer = model.transformer();
            NDArray hidden_BTC = transformer.forward(input(manager, segments)).hidden_BTC();
            float[] flat = transformer.heads().logits(hidden_BTC).toFloatArray();
            int V = expected[0].length;
            for (int i = 0; i < flat.length; i++) {
                assertThat(flat[i]).as("logit " + i).isCloseTo((float) expected[i / V][i % V], within(2e-4f));
            }
            assertThat(Math.abs(expected[9][1])).isGreaterThan(1e-3);
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
}
