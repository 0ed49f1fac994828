package dev.athanor.contracts.spec;

import dev.athanor.contracts.error.Checks;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Size and shape of a transformer. A combination that cannot work is refused with the reason.
 *
 * @param style {@code gpt2} (LayerNorm, learned positions, GELU, biases), {@code llama} (RMSNorm, rotary positions, SwiGLU) or
 *     {@code bert} (an encoder with LayerNorm after each part, learned positions, two sentence types, GELU, biases); {@code input}: that of the
 *     stage's input {@code model}, with nothing else beside it; empty = the preset's, or llama
 * @param layers 0 = the preset's, or 6
 * @param heads 0 = the preset's, or 6
 * @param keyValueHeads for grouped-query attention; divides {@code heads}; 0 = the preset's where {@code heads} is not given, else as many
 * @param width model dimension C, a multiple of {@code heads}; 0 = the preset's, or 384
 * @param feedForward hidden width; 0 = the preset's where {@code width} is not given, else 4 × width, or 8/3 × width rounded up to 32 where it
 *     is gated
 * @param context longest sequence T in tokens; 0 = the preset's, or 256
 * @param activation of the feed-forward parts: {@code relu}, {@code gelu}, {@code gelu-tanh}, {@code geglu} or {@code swiglu}; empty = the
 *     style's
 * @param positions added to the embeddings: {@code none}, {@code learned} or {@code sinusoidal}; empty = the style's
 * @param attention one entry a layer, repeated where there are more layers; empty = the style's
 * @param normPlacement {@code pre} or {@code post}; empty = the style's
 * @param distinctLayers layers with weights of their own, which neighbours share; 0 = all
 * @param preset empty, or one of {@link #PRESETS}: style, layers, heads, keyValueHeads, width, feedForward and context where they are not given
 * @param stack {@code decoder} (positions see those before) or {@code encoder} (all); empty = the style's
 * @param norm {@code layer-norm} or {@code rms-norm}; empty = the style's
 * @param biases of linear layers and LayerNorm; null = the style's
 * @param tiedEmbeddings whether the output projection is the token embedding
 * @param rotaryTheta base of the rotary frequencies
 * @param relativeSpan largest distance told apart by relative and disentangled positions
 * @param initializerRange standard deviation of the initial weights
 * @param normEpsilon added to the variance in norms; 0 = the style's (1e-5, of bert 1e-12)
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
        double initializerRange,
        double normEpsilon) {

    public static final List<String> PRESETS = List.copyOf(ModelSize.PRESETS.keySet());

    public static final ModelSpec DEFAULTS = usual("");

    /** The specification beside an input {@code model}. */
    public static final ModelSpec OF_INPUT = usual("input");

    private static ModelSpec usual(String style) {
        return new ModelSpec(style, 0, 0, 0, 0, 0, 0, 0.0, "", "", List.of(), "", 0, ExpertsSpec.NONE);
    }

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
                0.02,
                0);
    }

    public ModelSpec {
        Checks.oneOf(
                "preset", preset, Stream.concat(Stream.of(""), PRESETS.stream()).toList());
        Checks.oneOf("style", style, List.of("", "gpt2", "llama", "bert", "input"));
        Checks.that(
                preset.isEmpty() || style.isEmpty() || preset.startsWith(style),
                "style",
                style,
                "that of the preset (" + preset + "), or none");
        ModelSize size = ModelSize.of(preset, style, layers, heads, keyValueHeads, width, feedForward, context);
        Checks.range("layers", layers == 0 ? 1 : layers, 1, 200);
        Checks.range("heads", heads == 0 ? 1 : heads, 1, 256);
        Checks.range("keyValueHeads", keyValueHeads, 0, size.heads());
        Checks.that(
                size.heads() % size.keyValueHeads() == 0,
                keyValueHeads == 0 ? "heads" : "keyValueHeads",
                keyValueHeads == 0 ? heads : keyValueHeads,
                keyValueHeads == 0
                        ? "a multiple of keyValueHeads (" + size.keyValueHeads() + ")"
                        : "a divisor of heads (" + size.heads() + ")");
        Checks.range("width", width == 0 ? 8 : width, 8, 65_536);
        Checks.that(
                size.width() % size.heads() == 0,
                width == 0 ? "heads" : "width",
                width == 0 ? heads : width,
                width == 0
                        ? "a divisor of width (" + size.width() + ")"
                        : "a multiple of heads (" + size.heads() + ")");
        Checks.range("feedForward", feedForward, 0, 1 << 20);
        Checks.range("context", context == 0 ? 8 : context, 8, 1 << 20);
        Checks.range("dropout", dropout, 0.0, 0.9);
        Checks.oneOf("activation", activation, List.of("", "relu", "gelu", "gelu-tanh", "geglu", "swiglu"));
        Checks.oneOf("positions", positions, List.of("", "none", "learned", "sinusoidal"));
        Checks.present("attention", attention);
        attention = List.copyOf(attention);
        Checks.that(
                attention.size() <= size.layers(),
                "attention",
                attention.size() + " entries",
                "at most one a layer (" + size.layers() + ")");
        Checks.oneOf("normPlacement", normPlacement, List.of("", "pre", "post"));
        Checks.range("distinctLayers", distinctLayers, 0, size.layers());
        Checks.present("experts", experts);
        boolean shared = distinctLayers > 0 && distinctLayers < size.layers();
        Checks.that(
                !shared || attention.size() <= 1,
                "attention",
                attention.size() + " entries",
                "one for all layers where they share weights");
        Checks.oneOf("stack", stack, List.of("", "decoder", "encoder"));
        Checks.oneOf("norm", norm, List.of("", "layer-norm", "rms-norm"));
        Checks.range("rotaryTheta", rotaryTheta, 2, 1e12);
        Checks.present("rotaryScaling", rotaryScaling);
        Checks.range("relativeSpan", relativeSpan, 2, 1 << 20);
        Checks.range("initializerRange", initializerRange, 1e-6, 10);
        Checks.range("normEpsilon", normEpsilon, 0, 0.1);
        boolean rotary = attention.isEmpty()
                ? size.style().equals("llama")
                : attention.stream().anyMatch(a -> a.positions().equals("rotary"));
        Checks.that(
                rotary || rotaryScaling.kind().equals("none"),
                "rotaryScaling",
                rotaryScaling.kind(),
                "none where no layer has rotary positions");
        Checks.that(
                !rotary || size.width() / size.heads() % 2 == 0,
                "width",
                size.width(),
                "an even number of values a head for rotary positions, not " + size.width() / size.heads());
        boolean disentangled = attention.stream().anyMatch(a -> a.positions().equals("disentangled"));
        Checks.that(
                !disentangled || size.keyValueHeads() == size.heads(),
                "keyValueHeads",
                size.keyValueHeads(),
                "as many as heads (" + size.heads() + ") with disentangled attention");
    }

    /** Its numbers, where left out those of the preset or the usual ones. */
    public ModelSize size() {
        return ModelSize.of(preset, style, layers, heads, keyValueHeads, width, feedForward, context);
    }

    /** Whether the model is the stage's input. */
    public boolean ofInput() {
        return style.equals("input");
    }

    /** Whether it is an encoder, whose positions all see each other. Not known of an input. */
    public boolean encodes() {
        return stack.isEmpty() ? size().style().equals("bert") : stack.equals("encoder");
    }
}
