package dev.athanor.contracts.spec;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The numbers of a model, all of them known: those of {@link ModelSpec} where it gives them, else its preset's, else the usual ones.
 *
 * @param style {@code gpt2}, {@code llama} or {@code bert}
 * @param feedForward 0 = the usual multiple of the width
 */
public record ModelSize(
        String style, int layers, int heads, int keyValueHeads, int width, int feedForward, int context) {

    private static final ModelSize USUAL = new ModelSize("llama", 6, 6, 6, 384, 0, 256);

    static final Map<String, ModelSize> PRESETS = presets();

    private static Map<String, ModelSize> presets() {
        var all = new LinkedHashMap<String, ModelSize>();
        all.put("gpt2-124m", of("gpt2", 12, 12, 768, 1024));
        all.put("gpt2-355m", of("gpt2", 24, 16, 1024, 1024));
        all.put("gpt2-774m", of("gpt2", 36, 20, 1280, 1024));
        all.put("llama-1m", of("llama", 2, 2, 96, 256));
        all.put("llama-3m", of("llama", 4, 3, 192, 256));
        all.put("llama-10m", of("llama", 6, 6, 384, 256));
        all.put("llama-30m", new ModelSize("llama", 8, 8, 4, 512, 0, 512));
        all.put("llama-100m", new ModelSize("llama", 12, 12, 4, 768, 0, 1024));
        all.put("llama-350m", new ModelSize("llama", 24, 16, 4, 1024, 0, 2048));
        all.put("llama-1b", new ModelSize("llama", 22, 32, 4, 2048, 5632, 2048));
        all.put("bert-1m", of("bert", 2, 2, 96, 128));
        all.put("bert-4m", of("bert", 4, 4, 256, 256));
        all.put("bert-11m", of("bert", 4, 8, 512, 512));
        all.put("bert-29m", of("bert", 8, 8, 512, 512));
        all.put("bert-110m", of("bert", 12, 12, 768, 512));
        all.put("bert-340m", of("bert", 24, 16, 1024, 512));
        all.put("bert-750m", of("bert", 36, 20, 1280, 512));
        all.put("bert-1b", of("bert", 36, 24, 1536, 512));
        return all;
    }

    private static ModelSize of(String style, int layers, int heads, int width, int context) {
        return new ModelSize(style, layers, heads, heads, width, 0, context);
    }

    /** Numbers of 0 and an empty style are not given. Without {@code keyValueHeads} there are as many as heads, where those are given. */
    static ModelSize of(
            String preset,
            String style,
            int layers,
            int heads,
            int keyValueHeads,
            int width,
            int feedForward,
            int context) {
        ModelSize base = PRESETS.getOrDefault(preset, USUAL);
        return new ModelSize(
                style.isEmpty() ? base.style : style,
                layers == 0 ? base.layers : layers,
                heads == 0 ? base.heads : heads,
                keyValueHeads != 0 ? keyValueHeads : heads == 0 ? base.keyValueHeads : heads,
                width == 0 ? base.width : width,
                feedForward != 0 || width != 0 ? feedForward : base.feedForward,
                context == 0 ? base.context : context);
    }
}
