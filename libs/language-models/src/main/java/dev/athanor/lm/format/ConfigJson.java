package dev.athanor.lm.format;

import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.RotaryScaling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
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
    public static ObjectNode write(ModelConfig config, SpecialIds ids) {
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
        ids.write(json);
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
        json.put("activation_function", FamilyConfigs.activation(config.feedForward()));
        json.put("layer_norm_epsilon", config.normEpsilon());
        json.put("initializer_range", config.initializerRange());
        json.put("embd_pdrop", config.dropout());
        json.put("resid_pdrop", config.dropout());
        json.put("attn_pdrop", config.dropout());
        json.put("tie_word_embeddings", config.tiedEmbeddings());
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

    private static void writeBert(ModelConfig config, ObjectNode json) {
        json.putArray("architectures")
                .add(FamilyConfigs.bertArchitecture(config.maskedHead(), config.nextSentenceHead()));
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
        json.put("tie_word_embeddings", config.tiedEmbeddings());
    }

    /** As {@link #read(JsonNode, Predicate)}; a BERT model whose class is not named is taken for one with both of its heads. */
    public static ModelConfig read(JsonNode json) throws IOException {
        return read(json, tensor -> true);
    }

    /**
     * @param tensors whether the file of weights has a tensor of this name, asked where the configuration leaves open which heads are there
     * @throws IOException if a field is missing, is of another type, or has a value that this library has no architecture for
     */
    public static ModelConfig read(JsonNode json, Predicate<String> tensors) throws IOException {
        var fields = new ConfigFields(json);
        fields.without("quantization_config");
        try {
            return switch (fields.oneOf("model_type", List.of("gpt2", "llama", "mistral", "bert", "athanor"), "")) {
                case "gpt2" -> FamilyConfigs.gpt2(fields);
                case "llama" -> FamilyConfigs.llama(fields);
                case "mistral" -> FamilyConfigs.mistral(fields);
                case "bert" -> FamilyConfigs.bert(fields, tensors);
                default -> readOwn(fields);
            };
        } catch (JacksonException | IllegalArgumentException | ArithmeticException e) {
            throw new IOException("config.json does not describe a model: " + e.getMessage(), e);
        }
    }

    private static ModelConfig readOwn(ConfigFields fields) throws IOException {
        ConfigFields model = fields.object("model");
        for (String field :
                List.of("stack", "norm", "normPlacement", "positions", "feedForward", "attention", "rotaryScaling")) {
            if (!model.has(field)) {
                throw new IOException("field model." + field + " is missing");
            }
        }
        for (JsonNode layer : model.json().path("attention")) {
            var entry = new ConfigFields("model.attention.", layer);
            if (!entry.has("kind") || !entry.has("positions")) {
                throw new IOException("field model.attention has " + layer + ", expected a kind and positions");
            }
        }
        model.count("layers", FamilyConfigs.MOST_LAYERS);
        model.count("context", FamilyConfigs.MOST_POSITIONS);
        model.object("experts").count("count", FamilyConfigs.MOST_LAYERS, 1);
        return JSON.treeToValue(model.json(), ModelConfig.class);
    }

    /** How the weights beside this configuration, which {@link #read} has accepted, are named. */
    public static WeightLayout layout(JsonNode json, ModelConfig config) {
        // Under its own name a model keeps its own layout, also where a later version knows a family for it.
        return json.path("model_type").asString("").equals(WeightLayout.ATHANOR.modelType())
                ? WeightLayout.ATHANOR
                : WeightLayout.of(config);
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
