package dev.athanor.lm.format;

import dev.athanor.lm.model.LayerAttention;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.ModelConfig.FeedForward;
import dev.athanor.lm.model.RotaryScaling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code config.json} as Hugging Face's transformers library writes it for each {@link WeightLayout}. */
public final class ConfigJson {

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(32)
                            .maxDocumentLength(64L << 20)
                            .build())
                    .build())
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private ConfigJson() {}

    /** With the keys of the configuration's family, or Athanor's own where no family has all of its options. */
    public static ObjectNode write(ModelConfig config) {
        WeightLayout layout = WeightLayout.of(config);
        ObjectNode json = JSON.createObjectNode();
        json.put("model_type", layout.modelType());
        switch (layout) {
            case GPT2 -> writeGpt2(config, json);
            case LLAMA -> writeLlama(config, json, "LlamaForCausalLM");
            case MISTRAL -> {
                writeLlama(config, json, "MistralForCausalLM");
                json.put("sliding_window", config.attention().getFirst().window());
            }
            case BERT -> writeBert(config, json);
            case ATHANOR -> json.set("model", JSON.valueToTree(config));
        }
        json.put("torch_dtype", "float32");
        return json;
    }

    private static void writeGpt2(ModelConfig config, ObjectNode json) {
        json.putArray("architectures").add("GPT2LMHeadModel");
        json.put("vocab_size", config.vocabularySize());
        json.put("n_positions", config.context());
        json.put("n_ctx", config.context());
        json.put("n_embd", config.width());
        json.put("n_layer", config.layers());
        json.put("n_head", config.heads());
        json.put("n_inner", config.feedForwardWidth());
        json.put("activation_function", "gelu_new");
        json.put("layer_norm_epsilon", config.normEpsilon());
        json.put("initializer_range", config.initializerRange());
        json.put("embd_pdrop", config.dropout());
        json.put("resid_pdrop", config.dropout());
        json.put("attn_pdrop", config.dropout());
        json.put("tie_word_embeddings", true);
    }

    private static void writeLlama(ModelConfig config, ObjectNode json, String architecture) {
        json.putArray("architectures").add(architecture);
        json.put("vocab_size", config.vocabularySize());
        json.put("max_position_embeddings", config.context());
        json.put("hidden_size", config.width());
        json.put("intermediate_size", config.feedForwardWidth());
        json.put("num_hidden_layers", config.layers());
        json.put("num_attention_heads", config.heads());
        json.put("num_key_value_heads", config.keyValueHeads());
        json.put("head_dim", config.headWidth());
        json.put("hidden_act", "silu");
        json.put("rms_norm_eps", config.normEpsilon());
        json.put("rope_theta", config.rotaryTheta());
        writeRopeScaling(config.rotaryScaling(), json);
        json.put("initializer_range", config.initializerRange());
        json.put("attention_bias", false);
        json.put("mlp_bias", false);
        json.put("attention_dropout", config.dropout());
        json.put("tie_word_embeddings", config.tiedEmbeddings());
    }

    private static void writeRopeScaling(RotaryScaling scaling, ObjectNode json) {
        if (scaling.kind() != RotaryScaling.Kind.NONE) {
            ObjectNode rope = json.putObject("rope_scaling");
            rope.put("rope_type", scaling.kind().name().toLowerCase(Locale.ROOT));
            rope.put("factor", scaling.factor());
            if (scaling.kind() == RotaryScaling.Kind.LLAMA3) {
                rope.put("low_freq_factor", scaling.lowFrequencyFactor());
                rope.put("high_freq_factor", scaling.highFrequencyFactor());
                rope.put("original_max_position_embeddings", scaling.originalContext());
            }
        }
    }

    private static RotaryScaling readRopeScaling(JsonNode rope) throws IOException {
        if (!rope.isObject()) {
            return RotaryScaling.NONE;
        }
        String kind = rope.path("rope_type").asString(rope.path("type").asString(""));
        double factor = rope.path("factor").asDouble(1);
        return switch (kind) {
            case "linear" -> RotaryScaling.linear(factor);
            case "llama3" ->
                RotaryScaling.llama3(
                        factor,
                        rope.path("low_freq_factor").asDouble(1),
                        rope.path("high_freq_factor").asDouble(4),
                        integer(rope, "original_max_position_embeddings"));
            case "default" -> RotaryScaling.NONE;
            default -> throw new IOException("rope_scaling is " + rope + ", expected type linear or llama3");
        };
    }

    private static void writeBert(ModelConfig config, ObjectNode json) {
        json.putArray("architectures").add("BertForPreTraining");
        json.put("vocab_size", config.vocabularySize());
        json.put("max_position_embeddings", config.context());
        json.put("type_vocab_size", config.segments());
        json.put("hidden_size", config.width());
        json.put("intermediate_size", config.feedForwardWidth());
        json.put("num_hidden_layers", config.layers());
        json.put("num_attention_heads", config.heads());
        json.put("hidden_act", "gelu");
        json.put("layer_norm_eps", config.normEpsilon());
        json.put("initializer_range", config.initializerRange());
        json.put("hidden_dropout_prob", config.dropout());
        json.put("attention_probs_dropout_prob", config.dropout());
        json.put("position_embedding_type", "absolute");
        json.put("tie_word_embeddings", true);
    }

    private static ModelConfig readBert(JsonNode json) throws IOException {
        only(json, "hidden_act", "gelu", "gelu");
        only(json, "position_embedding_type", "absolute", "absolute");
        return ModelConfig.bert(
                        integer(json, "vocab_size"),
                        integer(json, "max_position_embeddings"),
                        integer(json, "num_hidden_layers"),
                        integer(json, "num_attention_heads"),
                        integer(json, "hidden_size"))
                .segments(json.path("type_vocab_size").asInt(2))
                .feedForwardWidth(integer(json, "intermediate_size"))
                .normEpsilon(json.path("layer_norm_eps").asDouble(1e-12))
                .initializerRange(json.path("initializer_range").asDouble(0.02))
                .dropout(json.path("hidden_dropout_prob").asDouble(0.1))
                .build();
    }

    /** @throws IOException if a field is missing, or has a value that this library has no architecture for */
    public static ModelConfig read(JsonNode json) throws IOException {
        String type = json.path("model_type").asString("");
        try {
            return switch (type) {
                case "gpt2" -> readGpt2(json);
                case "llama" -> readLlama(json, LayerAttention.full(LayerAttention.Positions.ROTARY));
                case "mistral" -> readLlama(json, mistralAttention(json));
                case "bert" -> readBert(json);
                case "athanor" -> JSON.treeToValue(json.path("model"), ModelConfig.class);
                default ->
                    throw new IOException(
                            "model_type is '" + type + "', expected one of gpt2, llama, mistral, bert, athanor");
            };
        } catch (JacksonException | IllegalArgumentException e) {
            throw new IOException("config.json does not describe a model: " + e.getMessage(), e);
        }
    }

    private static ModelConfig readGpt2(JsonNode json) throws IOException {
        only(json, "activation_function", "gelu_new", "gelu_new");
        only(json, "tie_word_embeddings", "true", "true");
        return ModelConfig.gpt2(
                        integer(json, "vocab_size"),
                        integer(json, "n_positions"),
                        integer(json, "n_layer"),
                        integer(json, "n_head"),
                        integer(json, "n_embd"))
                .feedForwardWidth(json.path("n_inner").asInt(0))
                .normEpsilon(json.path("layer_norm_epsilon").asDouble(1e-5))
                .initializerRange(json.path("initializer_range").asDouble(0.02))
                .dropout(json.path("resid_pdrop").asDouble(0.1))
                .build();
    }

    private static LayerAttention mistralAttention(JsonNode json) {
        int window = json.path("sliding_window").asInt(0);
        return window == 0
                ? LayerAttention.full(LayerAttention.Positions.ROTARY)
                : LayerAttention.slidingWindow(window, LayerAttention.Positions.ROTARY);
    }

    private static ModelConfig readLlama(JsonNode json, LayerAttention attention) throws IOException {
        only(json, "hidden_act", "silu", "silu");
        only(json, "attention_bias", "false", "false");
        only(json, "mlp_bias", "false", "false");
        int heads = integer(json, "num_attention_heads");
        int width = integer(json, "hidden_size");
        int headWidth = json.path("head_dim").asInt(width / heads);
        if (headWidth * heads != width) {
            throw new IOException("head_dim is " + headWidth + ", expected hidden_size / num_attention_heads");
        }
        // Newer writers put base and scaling into one object.
        JsonNode joined = json.path("rope_parameters");
        JsonNode theta = joined.has("rope_theta") ? joined.path("rope_theta") : json.path("rope_theta");
        return ModelConfig.llama(
                        integer(json, "vocab_size"),
                        integer(json, "max_position_embeddings"),
                        integer(json, "num_hidden_layers"),
                        heads,
                        width)
                .keyValueHeads(json.path("num_key_value_heads").asInt(heads))
                .feedForward(FeedForward.SWIGLU)
                .feedForwardWidth(integer(json, "intermediate_size"))
                .normEpsilon(json.path("rms_norm_eps").asDouble(1e-6))
                .rotaryTheta(theta.asDouble(10_000))
                .rotaryScaling(readRopeScaling(joined.isObject() ? joined : json.path("rope_scaling")))
                .initializerRange(json.path("initializer_range").asDouble(0.02))
                .attention(List.of(attention))
                .tiedEmbeddings(json.path("tie_word_embeddings").asBoolean(false))
                .dropout(json.path("attention_dropout").asDouble(0))
                .build();
    }

    private static int integer(JsonNode json, String field) throws IOException {
        JsonNode value = json.path(field);
        if (!value.isInt()) {
            throw new IOException("field " + field + " is " + (value.isMissingNode() ? "missing" : value)
                    + ", expected a whole number");
        }
        return value.asInt();
    }

    private static void only(JsonNode json, String field, String expected, String absent) throws IOException {
        String value =
                json.path(field).isMissingNode() ? absent : json.path(field).asString();
        if (!value.equals(expected)) {
            throw new IOException(field + " is '" + value + "', expected '" + expected + "'");
        }
    }

    /** @throws IOException if the file is not a JSON object */
    public static ObjectNode readFile(Path file) throws IOException {
        try {
            if (JSON.readTree(Files.readAllBytes(file)) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException e) {
            throw new IOException(file.getFileName() + " is not JSON: " + e.getOriginalMessage(), e);
        }
        throw new IOException(file.getFileName() + " is not a JSON object");
    }

    /** @throws IOException if the file cannot be written */
    public static void writeFile(Path file, ObjectNode json) throws IOException {
        Files.write(file, JSON.writeValueAsBytes(json));
    }
}
