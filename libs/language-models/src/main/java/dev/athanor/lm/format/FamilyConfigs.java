package dev.athanor.lm.format;

import dev.athanor.lm.model.LayerAttention;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.ModelConfig.FeedForward;
import dev.athanor.lm.model.RotaryScaling;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * Configurations of the known families out of their {@code config.json}. What is left out has the value that transformers gives it; what
 * would change the arithmetic and is not done here is refused.
 */
final class FamilyConfigs {

    static final int MOST_LAYERS = 10_000;
    static final int MOST_VALUES = 1 << 24;
    /** Tables of rotary positions are as long as the context, whatever the size of the file. */
    static final int MOST_POSITIONS = 1 << 20;

    private static final List<String> QUIET_BERT_HEADS = List.of(
            "BertForSequenceClassification",
            "BertForTokenClassification",
            "BertForQuestionAnswering",
            "BertForMultipleChoice",
            "BertModel");
    /** Three names for one approximation. */
    private static final Map<String, FeedForward> ACTIVATIONS = Map.of(
            "gelu_new", FeedForward.GELU_TANH,
            "gelu_pytorch_tanh", FeedForward.GELU_TANH,
            "gelu_fast", FeedForward.GELU_TANH,
            "gelu", FeedForward.GELU,
            "relu", FeedForward.RELU);

    private FamilyConfigs() {}

    static ModelConfig gpt2(ConfigFields json) throws IOException {
        String activation = json.oneOf(
                "activation_function", ACTIVATIONS.keySet().stream().sorted().toList(), "gelu_new");
        json.only("scale_attn_weights", true, true);
        json.only("scale_attn_by_inverse_layer_idx", false, false);
        json.only("add_cross_attention", false, false);
        int width = json.count("n_embd", MOST_VALUES);
        return ModelConfig.gpt2(
                        json.count("vocab_size", MOST_VALUES),
                        json.count("n_positions", MOST_POSITIONS),
                        json.count("n_layer", MOST_LAYERS),
                        json.count("n_head", MOST_VALUES),
                        width)
                .feedForward(Objects.requireNonNull(ACTIVATIONS.get(activation)))
                .feedForwardWidth(json.count("n_inner", MOST_VALUES, Math.multiplyExact(4, width)))
                .normEpsilon(json.number("layer_norm_epsilon", 1e-5))
                .initializerRange(json.number("initializer_range", 0.02))
                .tiedEmbeddings(json.flag("tie_word_embeddings", true))
                .dropout(json.number("resid_pdrop", 0.1))
                .build();
    }

    static ModelConfig llama(ConfigFields json) throws IOException {
        int heads = json.count("num_attention_heads", MOST_VALUES);
        return llamaLike(json, heads, LayerAttention.full(LayerAttention.Positions.ROTARY));
    }

    /** Null as the window stands for none, no window at all for that of the first Mistral; likewise heads of keys and values. */
    static ModelConfig mistral(ConfigFields json) throws IOException {
        boolean unbounded = json.json().path("sliding_window").isNull();
        LayerAttention attention = unbounded
                ? LayerAttention.full(LayerAttention.Positions.ROTARY)
                : LayerAttention.slidingWindow(
                        json.count("sliding_window", MOST_VALUES, 4096), LayerAttention.Positions.ROTARY);
        boolean named = json.json().has("num_key_value_heads");
        return llamaLike(json, named ? json.count("num_attention_heads", MOST_VALUES) : 8, attention);
    }

    private static ModelConfig llamaLike(ConfigFields json, int usualKeyValueHeads, LayerAttention attention)
            throws IOException {
        json.oneOf("hidden_act", List.of("silu", "swish"), "silu");
        json.only("attention_bias", false, false);
        json.only("mlp_bias", false, false);
        int heads = json.count("num_attention_heads", MOST_VALUES);
        int width = json.count("hidden_size", MOST_VALUES);
        if (json.has("head_dim") && (long) json.count("head_dim", MOST_VALUES) * heads != width) {
            throw new IOException("field head_dim is " + json.count("head_dim", MOST_VALUES)
                    + ", expected hidden_size / num_attention_heads, " + (double) width / heads);
        }
        // Newer writers put base and scaling into one object.
        ConfigFields joined = json.object("rope_parameters");
        ConfigFields theta = joined.has("rope_theta") ? joined : json;
        ConfigFields scaling = json.has("rope_parameters") ? joined : json.object("rope_scaling");
        for (ConfigFields place : List.of(json, joined)) {
            if (place.number("partial_rotary_factor", 1) != 1) {
                throw new IOException("field " + place.path() + "partial_rotary_factor is "
                        + place.number("partial_rotary_factor") + ", expected 1");
            }
        }
        return ModelConfig.llama(
                        json.count("vocab_size", MOST_VALUES),
                        json.count("max_position_embeddings", MOST_POSITIONS),
                        json.count("num_hidden_layers", MOST_LAYERS),
                        heads,
                        width)
                .keyValueHeads(json.count("num_key_value_heads", MOST_VALUES, usualKeyValueHeads))
                .feedForwardWidth(json.count("intermediate_size", MOST_VALUES))
                .normEpsilon(json.number("rms_norm_eps", 1e-6))
                .rotaryTheta(theta.number("rope_theta", 10_000))
                .rotaryScaling(scaling(scaling, scaling == joined ? "default" : ""))
                .initializerRange(json.number("initializer_range", 0.02))
                .attention(List.of(attention))
                .tiedEmbeddings(json.flag("tie_word_embeddings", false))
                .dropout(json.number("attention_dropout", 0))
                .build();
    }

    private static RotaryScaling scaling(ConfigFields rope, String unnamed) throws IOException {
        if (!rope.json().isObject()) {
            return RotaryScaling.NONE;
        }
        String field = rope.has("rope_type") || !rope.has("type") ? "rope_type" : "type";
        return switch (rope.oneOf(field, List.of("default", "linear", "llama3"), unnamed)) {
            case "linear" -> RotaryScaling.linear(rope.number("factor"));
            case "llama3" ->
                RotaryScaling.llama3(
                        rope.number("factor"),
                        rope.number("low_freq_factor"),
                        rope.number("high_freq_factor"),
                        rope.count("original_max_position_embeddings", MOST_VALUES));
            default -> RotaryScaling.NONE;
        };
    }

    /** @param tensors what the file of weights has: asked where the configuration does not name a class of models */
    static ModelConfig bert(ConfigFields json, Predicate<String> tensors) throws IOException {
        json.oneOf("hidden_act", List.of("gelu"), "gelu");
        json.oneOf("position_embedding_type", List.of("absolute"), "absolute");
        json.only("is_decoder", false, false);
        json.only("add_cross_attention", false, false);
        String architecture = architecture(json, tensors);
        boolean masked = List.of("BertForPreTraining", "BertForMaskedLM", "BertLMHeadModel")
                .contains(architecture);
        return ModelConfig.bert(
                        json.count("vocab_size", MOST_VALUES),
                        json.count("max_position_embeddings", MOST_POSITIONS),
                        json.count("num_hidden_layers", MOST_LAYERS),
                        json.count("num_attention_heads", MOST_VALUES),
                        json.count("hidden_size", MOST_VALUES))
                .segments(json.count("type_vocab_size", MOST_VALUES, 2))
                .feedForwardWidth(json.count("intermediate_size", MOST_VALUES))
                .normEpsilon(json.number("layer_norm_eps", 1e-12))
                .initializerRange(json.number("initializer_range", 0.02))
                .dropout(json.number("hidden_dropout_prob", 0.1))
                // Only the masked head projects to the vocabulary.
                .tiedEmbeddings(!masked || json.flag("tie_word_embeddings", true))
                .maskedHead(masked)
                .nextSentenceHead(List.of("BertForPreTraining", "BertForNextSentencePrediction")
                        .contains(architecture))
                .build();
    }

    private static String architecture(ConfigFields json, Predicate<String> tensors) throws IOException {
        JsonNode named = json.json().path("architectures");
        if (named.isArray() && !named.isEmpty()) {
            String first = named.path(0).asString("");
            if (QUIET_BERT_HEADS.contains(first)
                    || List.of(
                                    "BertForPreTraining",
                                    "BertForMaskedLM",
                                    "BertForNextSentencePrediction",
                                    "BertLMHeadModel")
                            .contains(first)) {
                return first;
            }
            throw new IOException("field architectures is " + named + ", expected a class of BERT, e.g. BertModel");
        }
        return bertArchitecture(
                tensors.test("cls.predictions.transform.dense.weight"), tensors.test("cls.seq_relationship.weight"));
    }

    /** transformers' class of models with these heads. */
    static String bertArchitecture(boolean masked, boolean nextSentence) {
        return nextSentence
                ? masked ? "BertForPreTraining" : "BertForNextSentencePrediction"
                : masked ? "BertForMaskedLM" : "BertModel";
    }

    static String activation(FeedForward feedForward) {
        return switch (feedForward) {
            case GELU -> "gelu";
            case RELU -> "relu";
            default -> "gelu_new";
        };
    }
}
