package dev.athanor.contracts.spec;

import dev.athanor.contracts.error.Checks;
import java.util.List;

/**
 * Size and shape of a decoder-only transformer.
 *
 * @param style {@code gpt2} (LayerNorm, learned positions, GELU) or {@code llama} (RMSNorm, rotary positions, SwiGLU)
 * @param width model dimension C, a multiple of {@code heads}
 * @param keyValueHeads for grouped-query attention; divides {@code heads}
 * @param feedForward hidden width; 0 = 4 × width (gpt2) or 8/3 × width rounded up to 32 (llama)
 * @param context longest sequence T in tokens
 */
public record ModelSpec(
        String style,
        int layers,
        int heads,
        int keyValueHeads,
        int width,
        int feedForward,
        int context,
        double dropout) {

    public static final ModelSpec DEFAULTS = new ModelSpec("llama", 6, 6, 6, 384, 0, 256, 0.0);

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
    }
}
