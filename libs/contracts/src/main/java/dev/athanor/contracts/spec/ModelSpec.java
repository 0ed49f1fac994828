package dev.athanor.contracts.spec;

import dev.athanor.contracts.error.Checks;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Size and shape of a transformer. A combination that cannot work is refused with the reason.
 *
 * @param style {@code gpt2} (LayerNorm, learned positions, GELU, biases), {@code llama} (RMSNorm, rotary positions, SwiGLU) or
 *     {@code bert} (an encoder with LayerNorm after each part, learned positions, two sentence types, GELU, biases)
 * @param width model dimension C, a multiple of {@code heads}
 * @param keyValueHeads for grouped-query attention; divides {@code heads}
 * @param feedForward hidden width; 0 = 4 × width, or 8/3 × width rounded up to 32 where it is gated
 * @param context longest sequence T in tokens
 * @param activation of the feed-forward parts: {@code relu}, {@code gelu}, {@code gelu-tanh}, {@code geglu} or {@code swiglu}; empty = the
 *     style's
 * @param positions added to the embeddings: {@code none}, {@code learned} or {@code sinusoidal}; empty = the style's
 * @param attention one entry a layer, repeated where there are more layers; empty = the style's
 * @param normPlacement {@code pre} or {@code post}; empty = the style's
 * @param distinctLayers layers with weights of their own, which neighbours share; 0 = all
 * @param preset empty, or one of {@link #PRESETS}, which sets style, layers, heads, keyValueHeads, width, feedForward and context
 * @param stack {@code decoder} (positions see those before) or {@code encoder} (all); empty = the style's
 * @param norm {@code layer-norm} or {@code rms-norm}; empty = the style's
 * @param biases of linear layers and LayerNorm; null = the style's
 * @param tiedEmbeddings whether the output projection is the token embedding
 * @param rotaryTheta base of the rotary frequencies
 * @param relativeSpan largest distance told apart by relative and disentangled positions
 * @param initializerRange standard deviation of the initial weights
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
        ExpertsSpec experts,
        String preset,
        String stack,
        String norm,
        @Nullable Boolean biases,
        boolean tiedEmbeddings,
        double rotaryTheta,
        RotaryScalingSpec rotaryScaling,
        int relativeSpan,
        double initializerRange) {

    public static final List<String> PRESETS = List.of(
            "gpt2-124m",
            "gpt2-355m",
            "gpt2-774m",
            "llama-1m",
            "llama-3m",
            "llama-10m",
            "llama-30m",
            "llama-100m",
            "llama-350m",
            "llama-1b",
            "bert-1m",
            "bert-4m",
            "bert-11m",
            "bert-29m",
            "bert-110m",
            "bert-340m");

    private static final List<String> GROUPED = List.of("llama-30m", "llama-100m", "llama-350m", "llama-1b");

    public static final ModelSpec DEFAULTS =
            new ModelSpec("llama", 6, 6, 6, 384, 0, 256, 0.0, "", "", List.of(), "", 0, ExpertsSpec.NONE);

    /** The options that are not given are the usual ones. */
    public ModelSpec(
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
        this(
                style,
                layers,
                heads,
                keyValueHeads,
                width,
                feedForward,
                context,
                dropout,
                activation,
                positions,
                attention,
                normPlacement,
                distinctLayers,
                experts,
                "",
                "",
                "",
                null,
                true,
                10_000,
                RotaryScalingSpec.NONE,
                128,
                0.02);
    }

    public ModelSpec {
        Checks.oneOf("style", style, List.of("gpt2", "llama", "bert"));
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
        Checks.oneOf("normPlacement", normPlacement, List.of("", "pre", "post"));
        Checks.range("distinctLayers", distinctLayers, 0, layers);
        Checks.present("experts", experts);
        boolean shared = distinctLayers > 0 && distinctLayers < layers;
        Checks.that(
                !shared || attention.size() <= 1,
                "attention",
                attention.size() + " entries",
                "one for all layers where they share weights");
        Checks.oneOf(
                "preset", preset, Stream.concat(Stream.of(""), PRESETS.stream()).toList());
        Checks.oneOf("stack", stack, List.of("", "decoder", "encoder"));
        Checks.oneOf("norm", norm, List.of("", "layer-norm", "rms-norm"));
        Checks.range("rotaryTheta", rotaryTheta, 2, 1e12);
        Checks.present("rotaryScaling", rotaryScaling);
        Checks.range("relativeSpan", relativeSpan, 2, 1 << 20);
        Checks.range("initializerRange", initializerRange, 1e-6, 10);
        boolean llama = (preset.isEmpty() ? style : preset).startsWith("llama");
        boolean rotary = attention.isEmpty()
                ? llama
                : attention.stream().anyMatch(a -> a.positions().equals("rotary"));
        Checks.that(
                rotary || rotaryScaling.kind().equals("none"),
                "rotaryScaling",
                rotaryScaling.kind(),
                "none where no layer has rotary positions");
        Checks.that(
                !rotary || !preset.isEmpty() || width / heads % 2 == 0,
                "width",
                width,
                "an even number of values a head for rotary positions, not " + width / heads);
        boolean disentangled = attention.stream().anyMatch(a -> a.positions().equals("disentangled"));
        Checks.that(
                !disentangled || !preset.isEmpty() || keyValueHeads == heads,
                "keyValueHeads",
                keyValueHeads,
                "as many as heads (" + heads + ") with disentangled attention");
        Checks.that(
                !disentangled || !GROUPED.contains(preset),
                "preset",
                preset,
                "one with as many key/value heads as heads, for disentangled attention");
    }

    /** Whether it is an encoder, whose positions all see each other. */
    public boolean encodes() {
        return stack.isEmpty() ? (preset.isEmpty() ? style : preset).startsWith("bert") : stack.equals("encoder");
    }
}
