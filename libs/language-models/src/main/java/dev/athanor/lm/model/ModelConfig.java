package dev.athanor.lm.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that fixes the shape and the arithmetic of a transformer; two models with equal configurations have the same
 * parameters by name and shape. Build one with {@link #gpt2}, {@link #llama} or {@link #builder()}; a combination that cannot work
 * is refused with the reason.
 *
 * @param vocabularySize V, token ids 0 … V-1
 * @param context longest sequence T, in tokens
 * @param layers each of attention and a feed-forward part
 * @param width C, the residual stream
 * @param heads H, query heads; C / H values each
 * @param keyValueHeads heads of keys and values: H (multi-head), 1 (multi-query) or a divisor of H (grouped-query attention)
 * @param feedForwardWidth F, hidden values of the feed-forward part
 * @param normEpsilon added to the variance
 * @param biases of linear layers and of LayerNorm
 * @param tiedEmbeddings whether the output projection is the token embedding
 * @param segments number of sentence types with an embedding each (2 for BERT); 0 = none
 * @param attention one entry a layer, repeated cyclically where there are more layers than entries
 * @param rotaryTheta base of the rotary frequencies
 * @param rotaryScaling for sequences longer than those that rotaryTheta was made for
 * @param relativeSpan largest distance that {@link LayerAttention.Positions#RELATIVE} and
 *     {@link LayerAttention.Positions#DISENTANGLED} tell from larger ones
 * @param experts a mixture of experts in place of each feed-forward part, or null
 * @param distinctLayers layers with weights of their own; neighbours share them where there are fewer than layers (ALBERT: 1)
 * @param maskedHead whether a dense layer with GELU and norm stands before the output projection, which has a bias (BERT)
 * @param nextSentenceHead whether a tanh pooler over the first position and a two-class head are there (BERT)
 * @param initializerRange standard deviation of the initial weights; see {@link ParameterSpec}
 * @param dropout probability, on embeddings, attention outputs and feed-forward outputs, while training
 */
public record ModelConfig(
        Stack stack,
        int vocabularySize,
        int context,
        int layers,
        int width,
        int heads,
        int keyValueHeads,
        int feedForwardWidth,
        Norm norm,
        NormPlacement normPlacement,
        double normEpsilon,
        boolean biases,
        boolean tiedEmbeddings,
        Positions positions,
        int segments,
        List<LayerAttention> attention,
        double rotaryTheta,
        RotaryScaling rotaryScaling,
        int relativeSpan,
        FeedForward feedForward,
        @Nullable Experts experts,
        int distinctLayers,
        boolean maskedHead,
        boolean nextSentenceHead,
        double initializerRange,
        double dropout) {

    /** Of sinusoidal positions, in initial deviations of the token embeddings. */
    public static final double SINUSOID_AMPLITUDE = 4;

    /** Which way attention looks. */
    public enum Stack {
        /** Positions see themselves and those before. */
        DECODER,
        /** Positions see all. */
        ENCODER
    }

    /** Where the norms stand. */
    public enum NormPlacement {
        /** On the input of each part, and once after the last layer (GPT-2, Llama). */
        PRE,
        /** On the sum of the residual stream and each part's output, and once after the embeddings (BERT). */
        POST
    }

    /** Over the C values of each position. */
    public enum Norm {
        /** Ba, Kiros, Hinton 2016. */
        LAYER_NORM,
        /** Zhang, Sennrich 2019. */
        RMS_NORM
    }

    /** What is added to the token embeddings. */
    public enum Positions {
        NONE,
        /** One trained vector a position. */
        LEARNED,
        /**
         * Vaswani et al. 2017, fixed, {@link ModelConfig#SINUSOID_AMPLITUDE} times the initial deviation of the token embeddings high:
         * positions drown tokens, or tokens positions, where one is much larger. There the embeddings are multiplied by √C instead,
         * which makes their optimizer steps √C times as long too.
         */
        SINUSOIDAL
    }

    /** What stands between the two projections, C to F and F to C. */
    public enum FeedForward {
        RELU(false),
        GELU(false),
        /** GELU by its tanh approximation, {@code gelu_new} in Hugging Face's names. */
        GELU_TANH(false),
        /** Shazeer 2020. */
        GEGLU(true),
        /** Shazeer 2020. */
        SWIGLU(true);

        private final boolean gated;

        FeedForward(boolean gated) {
            this.gated = gated;
        }

        /** Whether a second projection of the input gates the hidden values. */
        public boolean gated() {
            return gated;
        }
    }

    public ModelConfig {
        check(vocabularySize >= 2, "vocabularySize", vocabularySize, "at least 2");
        check(context >= 1, "context", context, "at least 1");
        check(layers >= 1, "layers", layers, "at least 1");
        check(heads >= 1, "heads", heads, "at least 1");
        check(width >= 1 && width % heads == 0, "width", width, "a multiple of heads (" + heads + ")");
        check(
                keyValueHeads >= 1 && heads % keyValueHeads == 0,
                "keyValueHeads",
                keyValueHeads,
                "a divisor of heads (" + heads + ")");
        check(feedForwardWidth >= 1, "feedForwardWidth", feedForwardWidth, "at least 1");
        check(normEpsilon > 0, "normEpsilon", normEpsilon, "above 0");
        check(!attention.isEmpty(), "attention", attention, "at least one layer's entry");
        check(
                attention.size() <= layers,
                "attention",
                attention.size(),
                "at most one entry a layer (" + layers + " layers)");
        check(rotaryTheta > 1, "rotaryTheta", rotaryTheta, "above 1");
        check(initializerRange > 0, "initializerRange", initializerRange, "above 0");
        check(dropout >= 0 && dropout < 1, "dropout", dropout, "from 0 to below 1");
        attention = List.copyOf(attention);
        check(segments >= 0, "segments", segments, "at least 0");
        check(relativeSpan >= 2, "relativeSpan", relativeSpan, "at least 2");
        check(
                distinctLayers >= 1 && distinctLayers <= layers,
                "distinctLayers",
                distinctLayers,
                "from 1 to layers (" + layers + ")");
        check(
                !has(attention, LayerAttention.Positions.DISENTANGLED) || keyValueHeads == heads,
                "keyValueHeads",
                keyValueHeads,
                "as many as heads (" + heads + ") with disentangled attention");
        check(
                stack == Stack.ENCODER || !nextSentenceHead,
                "nextSentenceHead",
                nextSentenceHead,
                "false for a decoder, whose first position sees no sentence");
        check(
                distinctLayers == layers || attention.size() == 1,
                "attention",
                attention.size(),
                "one entry for all layers where they share weights");
        check(
                rotaryScaling.kind() == RotaryScaling.Kind.NONE || has(attention, LayerAttention.Positions.ROTARY),
                "rotaryScaling",
                rotaryScaling.kind(),
                "NONE where no layer has rotary positions");
        check(
                !has(attention, LayerAttention.Positions.ROTARY) || width / heads % 2 == 0,
                "width",
                width,
                "an even number of values a head for rotary positions, not " + width / heads);
    }

    /** D, values per head. */
    public int headWidth() {
        return width / heads;
    }

    /** @param layer from 0 */
    public LayerAttention attention(int layer) {
        return attention.get(layer % attention.size());
    }

    /** Whether any layer tells positions apart this way. */
    public boolean has(LayerAttention.Positions kind) {
        return has(attention, kind);
    }

    private static boolean has(List<LayerAttention> attention, LayerAttention.Positions kind) {
        return attention.stream().anyMatch(a -> a.positions() == kind);
    }

    /** Number of the layer whose weights a layer uses, below {@link #distinctLayers}. */
    public int weightsOf(int layer) {
        return (int) ((long) layer * distinctLayers / layers);
    }

    /** The conventions of GPT-2 (Radford et al. 2019): LayerNorm before each part, learned positions, GELU, biases, tied output. */
    public static Builder gpt2(int vocabularySize, int context, int layers, int heads, int width) {
        return builder()
                .vocabularySize(vocabularySize)
                .context(context)
                .layers(layers)
                .heads(heads)
                .width(width)
                .norm(Norm.LAYER_NORM)
                .normEpsilon(1e-5)
                .biases(true)
                .tiedEmbeddings(true)
                .positions(Positions.LEARNED)
                .attention(List.of(LayerAttention.full(LayerAttention.Positions.NONE)))
                .feedForward(FeedForward.GELU_TANH);
    }

    /** The conventions of Llama (Touvron et al. 2023): RMSNorm before each part, rotary positions, SwiGLU, no biases. */
    public static Builder llama(int vocabularySize, int context, int layers, int heads, int width) {
        return builder()
                .vocabularySize(vocabularySize)
                .context(context)
                .layers(layers)
                .heads(heads)
                .width(width)
                .norm(Norm.RMS_NORM)
                .normEpsilon(1e-5)
                .biases(false)
                .tiedEmbeddings(true)
                .positions(Positions.NONE)
                .attention(List.of(LayerAttention.full(LayerAttention.Positions.ROTARY)))
                .feedForward(FeedForward.SWIGLU);
    }

    /**
     * The conventions of BERT (Devlin et al. 2019): an encoder with LayerNorm after each part, learned positions, two segments, GELU,
     * and the heads of its two objectives.
     */
    public static Builder bert(int vocabularySize, int context, int layers, int heads, int width) {
        return builder()
                .stack(Stack.ENCODER)
                .vocabularySize(vocabularySize)
                .context(context)
                .layers(layers)
                .heads(heads)
                .width(width)
                .norm(Norm.LAYER_NORM)
                .normPlacement(NormPlacement.POST)
                .normEpsilon(1e-12)
                .biases(true)
                .tiedEmbeddings(true)
                .positions(Positions.LEARNED)
                .segments(2)
                .attention(List.of(LayerAttention.full(LayerAttention.Positions.NONE)))
                .feedForward(FeedForward.GELU)
                .maskedHead(true)
                .nextSentenceHead(true);
    }

    /** A decoder of 2 layers with a width of 64 and GPT-2's LayerNorm and biases, without positions: to be changed field by field. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * This configuration, to be changed field by field. {@code keyValueHeads} and {@code feedForwardWidth} stay as they are where heads and
     * width change, unless set to 0.
     */
    public Builder toBuilder() {
        return new Builder(this);
    }

    private static void check(boolean holds, String field, Object value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException("model " + field + " is " + value + ", expected " + expected);
        }
    }

    /** Field by field; {@code keyValueHeads} and {@code feedForwardWidth} of 0 stand for the usual choice. */
    public static final class Builder {
        private int vocabularySize = 256;
        private int context = 256;
        private int layers = 2;
        private int width = 64;
        private int heads = 2;
        private int keyValueHeads;
        private int feedForwardWidth;
        private Norm norm = Norm.LAYER_NORM;
        private double normEpsilon = 1e-5;
        private boolean biases = true;
        private boolean tiedEmbeddings = true;
        private Positions positions = Positions.NONE;
        private List<LayerAttention> attention = List.of(LayerAttention.full(LayerAttention.Positions.NONE));
        private double rotaryTheta = 10_000;
        private FeedForward feedForward = FeedForward.GELU;
        private double initializerRange = 0.02;
        private double dropout;
        private Stack stack = Stack.DECODER;
        private NormPlacement normPlacement = NormPlacement.PRE;
        private int segments;
        private RotaryScaling rotaryScaling = RotaryScaling.NONE;
        private int relativeSpan = 128;
        private @Nullable Experts experts;
        private int distinctLayers;
        private boolean maskedHead;
        private boolean nextSentenceHead;

        private Builder() {}

        private Builder(ModelConfig from) {
            vocabularySize = from.vocabularySize;
            context = from.context;
            layers = from.layers;
            width = from.width;
            heads = from.heads;
            keyValueHeads = from.keyValueHeads;
            feedForwardWidth = from.feedForwardWidth;
            norm = from.norm;
            normEpsilon = from.normEpsilon;
            biases = from.biases;
            tiedEmbeddings = from.tiedEmbeddings;
            positions = from.positions;
            attention = from.attention;
            rotaryTheta = from.rotaryTheta;
            feedForward = from.feedForward;
            initializerRange = from.initializerRange;
            dropout = from.dropout;
            stack = from.stack;
            normPlacement = from.normPlacement;
            segments = from.segments;
            rotaryScaling = from.rotaryScaling;
            relativeSpan = from.relativeSpan;
            experts = from.experts;
            distinctLayers = from.distinctLayers;
            maskedHead = from.maskedHead;
            nextSentenceHead = from.nextSentenceHead;
        }

        public Builder vocabularySize(int value) {
            vocabularySize = value;
            return this;
        }

        public Builder context(int value) {
            context = value;
            return this;
        }

        public Builder layers(int value) {
            layers = value;
            return this;
        }

        public Builder width(int value) {
            width = value;
            return this;
        }

        public Builder heads(int value) {
            heads = value;
            return this;
        }

        /** 0 = as many as heads. */
        public Builder keyValueHeads(int value) {
            keyValueHeads = value;
            return this;
        }

        /** 0 = 4 × width, or 8/3 × width rounded up to a multiple of 32 where the feed-forward part is gated. */
        public Builder feedForwardWidth(int value) {
            feedForwardWidth = value;
            return this;
        }

        public Builder norm(Norm value) {
            norm = value;
            return this;
        }

        public Builder normEpsilon(double value) {
            normEpsilon = value;
            return this;
        }

        public Builder biases(boolean value) {
            biases = value;
            return this;
        }

        public Builder tiedEmbeddings(boolean value) {
            tiedEmbeddings = value;
            return this;
        }

        public Builder positions(Positions value) {
            positions = value;
            return this;
        }

        public Builder attention(List<LayerAttention> value) {
            attention = value;
            return this;
        }

        public Builder rotaryTheta(double value) {
            rotaryTheta = value;
            return this;
        }

        public Builder feedForward(FeedForward value) {
            feedForward = value;
            return this;
        }

        public Builder initializerRange(double value) {
            initializerRange = value;
            return this;
        }

        public Builder dropout(double value) {
            dropout = value;
            return this;
        }

        public Builder stack(Stack value) {
            stack = value;
            return this;
        }

        public Builder normPlacement(NormPlacement value) {
            normPlacement = value;
            return this;
        }

        public Builder segments(int value) {
            segments = value;
            return this;
        }

        public Builder rotaryScaling(RotaryScaling value) {
            rotaryScaling = value;
            return this;
        }

        public Builder relativeSpan(int value) {
            relativeSpan = value;
            return this;
        }

        public Builder experts(@Nullable Experts value) {
            experts = value;
            return this;
        }

        /** 0 = as many as layers. */
        public Builder distinctLayers(int value) {
            distinctLayers = value;
            return this;
        }

        public Builder maskedHead(boolean value) {
            maskedHead = value;
            return this;
        }

        public Builder nextSentenceHead(boolean value) {
            nextSentenceHead = value;
            return this;
        }

        /** @throws IllegalArgumentException if the options cannot work together; the message names the field, its value and what is expected */
        public ModelConfig build() {
            int usualWidth = feedForward.gated() ? (8 * width / 3 + 31) / 32 * 32 : 4 * width;
            return new ModelConfig(
                    stack,
                    vocabularySize,
                    context,
                    layers,
                    width,
                    heads,
                    keyValueHeads == 0 ? heads : keyValueHeads,
                    feedForwardWidth == 0 ? usualWidth : feedForwardWidth,
                    norm,
                    normPlacement,
                    normEpsilon,
                    biases,
                    tiedEmbeddings,
                    positions,
                    segments,
                    attention,
                    rotaryTheta,
                    rotaryScaling,
                    relativeSpan,
                    feedForward,
                    experts,
                    distinctLayers == 0 ? layers : distinctLayers,
                    maskedHead,
                    nextSentenceHead,
                    initializerRange,
                    dropout);
        }
    }
}
