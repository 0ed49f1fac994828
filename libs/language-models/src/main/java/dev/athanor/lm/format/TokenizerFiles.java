package dev.athanor.lm.format;

import dev.athanor.lm.model.ModelConfig;
import dev.athanor.tokenizers.EndToken;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What transformers wants to know beside {@code tokenizer.json}: {@code tokenizer_config.json} and {@code generation_config.json}. */
public final class TokenizerFiles {

    public static final String TOKENIZER_CONFIG = "tokenizer_config.json";
    public static final String GENERATION_CONFIG = "generation_config.json";

    private static final List<String> PADDING = List.of("[PAD]", "<pad>", "<|pad|>");
    private static final List<String> ENCODER_BEGIN = List.of("[CLS]", "<s>");
    private static final List<String> ENCODER_END = List.of("[SEP]", "</s>");
    private static final List<String> MASK = List.of("[MASK]", "<mask>");

    private final Map<String, Integer> added = new LinkedHashMap<>();
    private final JsonNode tokenizer;

    /** @param tokenizer a {@code tokenizer.json} */
    public TokenizerFiles(JsonNode tokenizer) {
        this.tokenizer = tokenizer;
        for (JsonNode token : tokenizer.path("added_tokens")) {
            if (token.path("content").isString() && token.path("id").isInt()) {
                added.put(token.path("content").asString(), token.path("id").asInt());
            }
        }
    }

    /** Of a model that was trained here: documents follow each other with the end token between them, which so begins a text too. */
    public SpecialIds ids(ModelConfig model) {
        Integer padding = added.get(first(PADDING));
        Integer end = model.stack() == ModelConfig.Stack.DECODER ? added.get(first(EndToken.NAMES)) : null;
        return new SpecialIds(end, end == null ? List.of() : List.of(end), padding);
    }

    private @Nullable String first(List<String> names) {
        return names.stream().filter(added::containsKey).findFirst().orElse(null);
    }

    /** Without it transformers would not know which tokens are special, nor that a decoder takes no sentence types. */
    public ObjectNode tokenizerConfig(ModelConfig model, SpecialIds ids) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("tokenizer_class", "PreTrainedTokenizerFast");
        json.put("model_max_length", model.context());
        json.put("clean_up_tokenization_spaces", false);
        boolean encoder = model.stack() == ModelConfig.Stack.ENCODER;
        if (encoder) {
            put(json, "cls_token", first(ENCODER_BEGIN));
            put(json, "sep_token", first(ENCODER_END));
            put(json, "mask_token", first(MASK));
        } else {
            put(json, "bos_token", named(ids.begin()));
            put(
                    json,
                    "eos_token",
                    ids.ends().isEmpty() ? null : named(ids.ends().getFirst()));
        }
        put(json, "pad_token", ids.padding() == null ? first(PADDING) : named(ids.padding()));
        put(json, "unk_token", tokenizer.path("model").path("unk_token").asString(null));
        var inputs = json.putArray("model_input_names").add("input_ids");
        if (model.segments() > 0) {
            inputs.add("token_type_ids");
        }
        inputs.add("attention_mask");
        return json;
    }

    private @Nullable String named(@Nullable Integer id) {
        return added.entrySet().stream()
                .filter(token -> token.getValue().equals(id))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    private static void put(ObjectNode json, String field, @Nullable String token) {
        if (token != null) {
            json.put(field, token);
        }
    }

    /** Of a model that generates. */
    public static ObjectNode generationConfig(SpecialIds ids) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ids.write(json);
        json.put("_from_model_config", true);
        return json;
    }
}
