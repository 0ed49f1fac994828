package dev.athanor.lm.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;

/** Configurations by name. The number in a name is about that of the parameters, with a vocabulary of 8,192 for the small ones. */
public final class Presets {

    private static final Map<String, IntFunction<ModelConfig.Builder>> BY_NAME = new LinkedHashMap<>();

    static {
        BY_NAME.put("gpt2-124m", v -> ModelConfig.gpt2(v, 1024, 12, 12, 768));
        BY_NAME.put("gpt2-355m", v -> ModelConfig.gpt2(v, 1024, 24, 16, 1024));
        BY_NAME.put("gpt2-774m", v -> ModelConfig.gpt2(v, 1024, 36, 20, 1280));
        BY_NAME.put("llama-1m", v -> ModelConfig.llama(v, 256, 2, 2, 96));
        BY_NAME.put("llama-3m", v -> ModelConfig.llama(v, 256, 4, 3, 192));
        BY_NAME.put("llama-10m", v -> ModelConfig.llama(v, 256, 6, 6, 384));
        BY_NAME.put("llama-30m", v -> ModelConfig.llama(v, 512, 8, 8, 512).keyValueHeads(4));
        BY_NAME.put("llama-100m", v -> ModelConfig.llama(v, 1024, 12, 12, 768).keyValueHeads(4));
        BY_NAME.put("llama-350m", v -> ModelConfig.llama(v, 2048, 24, 16, 1024).keyValueHeads(4));
        BY_NAME.put(
                "llama-1b",
                v -> ModelConfig.llama(v, 2048, 22, 32, 2048).keyValueHeads(4).feedForwardWidth(5632));
        BY_NAME.put("bert-1m", v -> ModelConfig.bert(v, 128, 2, 2, 96));
        BY_NAME.put("bert-4m", v -> ModelConfig.bert(v, 256, 4, 4, 256));
        BY_NAME.put("bert-11m", v -> ModelConfig.bert(v, 512, 4, 8, 512));
        BY_NAME.put("bert-29m", v -> ModelConfig.bert(v, 512, 8, 8, 512));
        BY_NAME.put("bert-110m", v -> ModelConfig.bert(v, 512, 12, 12, 768));
        BY_NAME.put("bert-340m", v -> ModelConfig.bert(v, 512, 24, 16, 1024));
        BY_NAME.put("bert-750m", v -> ModelConfig.bert(v, 512, 36, 20, 1280));
        BY_NAME.put("bert-1b", v -> ModelConfig.bert(v, 512, 36, 24, 1536));
    }

    private Presets() {}

    /** Those of {@link #of}. */
    public static Set<String> names() {
        return BY_NAME.keySet();
    }

    /** @throws IllegalArgumentException if there is none of this name */
    public static ModelConfig.Builder of(String name, int vocabularySize) {
        IntFunction<ModelConfig.Builder> preset = BY_NAME.get(name);
        if (preset == null) {
            throw new IllegalArgumentException("preset is '" + name + "', expected one of " + BY_NAME.keySet());
        }
        return preset.apply(vocabularySize);
    }
}
