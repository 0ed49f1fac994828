package dev.athanor.contracts.spec;

import dev.athanor.contracts.error.Checks;
import java.util.List;

/**
 * Size and shape of a decoder-only transformer. A combination that cannot work is refused with the reason.
 *
 * @param style {@code gpt2} (LayerNorm, learned positions, GELU, biases) or {@code llama} (RMSNorm, rotary positions, SwiGLU)
 * @param width model dimension C, a multiple of {@code heads}
 * @param keyValueHeads for grouped-query attention; divides {@code heads}
 * @param feedForward hidden width; 0 = 4 × width, or 8/3 × width rounded up to 32 where it is gated
 * @param context longest sequence T in tokens
 * @param activation of the feed-forward parts: {@code relu}, {@code gelu}, {@code gelu-tanh}, {@code geglu} or {@code swiglu}; empty = the
 *     style's
 * @param positions added to the embeddings: {@code none}, {@code learned} or {@code sinusoidal}; empty = the style's
 * @param attention one entry a layer, repeated where there are more layers; empty = the style's
 * @param normPlacement {@code pre} or {@code post}
 * @param distinctLayers layers with weights of their own, which neighbours share; 0 = all
 */
public record ModelSpec(
        String style,
        int layers,
        int heads,
        int keyValueHeads,
        int width,
        int feedForward,
        int context,
        double dropout,
        String activation,
        String positions,
        List<AttentionSpec> attention,
        String normPlacement,
        int distinctLayers,
        ExpertsSpec experts) {

    public static final ModelSpec DEFAULTS =
            new ModelSpec("llama", 6, 6, 6, 384, 0, 256, 0.0, "", "", List.of(), "pre", 0, ExpertsSpec.NONE);

    public ModelSpec {
        Checks.oneOf("style", style, List.of("gpt2", "llama"));
        Checks.range("layers", layers, 1, 200);
        Checks.range("heads", heads, 1, 256);
        Checks.range("keyValueHeads", keyValueHeads, 1, heads);
        Checks.that(heads % keyValueHeads == 0, "keyValueHeads", keyValueHeads, "a divisor of heads (" + heads + ")");
        Checks.range("width", width, 8, 65_536);
        Checks.that(width % heads == 0, "width", width, "a multiple of heads (" + heads + ")");
        Checks.range("feedForward", feedForward, 0, 1 << 20);
        Checks.range("context", context, 8, 1 << 20);
        Checks.range("dropout", dropout, 0.0, 0.9);
        Checks.oneOf("activation", activation, List.of("", "relu", "gelu", "gelu-tanh", "geglu", "swiglu"));
        Checks.oneOf("positions", positions, List.of("", "none", "learned", "sinusoidal"));
        Checks.present("attention", attention);
        attention = List.copyOf(attention);
        Checks.that(
                attention.size() <= layers,
                "attention",
                attention.size() + " entries",
                "at most one a layer (" + layers + ")");
        Checks.oneOf("normPlacement", normPlacement, List.of("pre", "post"));
        Checks.range("distinctLayers", distinctLayers, 0, layers);
        Checks.present("experts", experts);
        boolean shared = distinctLayers > 0 && distinctLayers < layers;
        Checks.that(
                !shared || attention.size() <= 1,
                "attention",
                attention.size() + " entries",
                "one for all layers where they share weights");
        boolean rotary = attention.isEmpty()
                ? style.equals("llama")
                : attention.stream().anyMatch(a -> a.positions().equals("rotary"));
        Checks.that(
                !rotary || width / heads % 2 == 0,
                "width",
                width,
                "an even number of values a head for rotary positions, not " + width / heads);
        boolean disentangled = attention.stream().anyMatch(a -> a.positions().equals("disentangled"));
        Checks.that(
                !disentangled || keyValueHeads == heads,
                "keyValueHeads",
                keyValueHeads,
                "as many as heads (" + heads + ") with disentangled attention");
    }
}
