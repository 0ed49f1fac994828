package dev.athanor.lm.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.athanor.libtorch.LtFunctions;
import dev.athanor.libtorch.Recompute;
import dev.athanor.lm.model.ModelConfig.NormPlacement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The forward pass of a {@link ModelConfig} over a set of weights, in the data type of the weights.
 *
 * <p>Shapes, as suffixes of array names: B sequences, T positions, S positions attended to, C width, H query heads, K key/value
 * heads, D values a head, F feed-forward width, V vocabulary, R distances, E = C + 2·K·D.
 */
public final class Transformer {

    private final ModelConfig config;
    private final Map<String, NDArray> weights;
    private final Operations operations;
    private final NDArray tokens_VC;
    private final @Nullable NDArray positions_TC;
    private final @Nullable NDArray segments_GC;
    private final Weights.@Nullable Norm embeddingNorm;
    private final List<Layer> layers = new ArrayList<>();
    private final Weights.@Nullable Norm norm;
    private final Heads heads;

    private record Layer(
            Weights.Norm attentionNorm,
            AttentionPart attention,
            Weights.Norm feedForwardNorm,
            @Nullable FeedForwardPart feedForward,
            @Nullable ExpertsPart experts) {

        NDArray feed(NDArray x_BTC, Pass pass) {
            return experts != null
                    ? experts.of(x_BTC, pass)
                    : java.util.Objects.requireNonNull(feedForward).of(x_BTC);
        }
    }

    /**
     * What a forward pass works on.
     *
     * @param ids_BT token ids, int64; its manager owns what the pass makes
     * @param lengths tokens of each sequence, where shorter ones are padded at the end with any id; null = all full. An encoder
     *     needs it; a decoder's positions see nothing after them anyway
     * @param segments_BT sentence types, int64; null = all 0
     * @param documents_BT number of the document that each position belongs to, row-major: positions of different documents do not
     *     see each other; null = all of a sequence do
     * @param training whether dropout is applied and experts have a capacity
     * @param recompute keep only the layers' inputs for the backward pass, and compute the rest again: the same gradients for less
     *     memory and a third more arithmetic. Experts are not computed again, for their routing adds to the loss
     * @param cache holds the positions before; null = none before and none kept
     */
    public record Input(
            NDArray ids_BT,
            int @Nullable [] lengths,
            @Nullable NDArray segments_BT,
            int @Nullable [] documents_BT,
            boolean training,
            boolean recompute,
            @Nullable KeyValueCache cache) {

        /** One document a sequence, nothing computed again. */
        public Input(
                NDArray ids_BT,
                int @Nullable [] lengths,
                @Nullable NDArray segments_BT,
                boolean training,
                @Nullable KeyValueCache cache) {
            this(ids_BT, lengths, segments_BT, null, training, false, cache);
        }

        public static Input of(NDArray ids_BT, boolean training) {
            return new Input(ids_BT, null, null, training, null);
        }
    }

    /**
     * @param hidden_BTC after the last norm
     * @param auxiliaryLoss to be added to the training loss, or null
     * @param expertShares for each layer with experts, the share of the assignments that each expert got
     */
    public record Output(NDArray hidden_BTC, @Nullable NDArray auxiliaryLoss, List<double[]> expertShares) {}

    /**
     * Binds the weights, which stay the caller's; tables of fixed positions are made in the manager of the token embeddings.
     *
     * @param byName weights by the names of {@link ParameterSpec#of}
     */
    public Transformer(ModelConfig config, Map<String, NDArray> byName) {
        this(config, byName, Operations.PLAIN);
    }

    /** The same, computed by other operations. */
    public Transformer(ModelConfig config, Map<String, NDArray> byName, Operations operations) {
        this.config = config;
        this.weights = Map.copyOf(byName);
        this.operations = operations;
        var weights = new Weights(config, byName, operations);
        tokens_VC = weights.weight("tokens.weight");
        positions_TC = switch (config.positions()) {
            case NONE -> null;
            case LEARNED -> weights.weight("positions.weight");
            case SINUSOIDAL -> sinusoids(config, tokens_VC);
        };
        segments_GC = config.segments() > 0 ? weights.weight("segments.weight") : null;
        boolean post = config.normPlacement() == NormPlacement.POST;
        embeddingNorm = post ? weights.norm("embedding_norm") : null;
        AttentionPart.Rotation rotation =
                config.has(LayerAttention.Positions.ROTARY) ? AttentionPart.Rotation.of(config, tokens_VC) : null;
        for (int i = 0; i < config.layers(); i++) {
            layers.add(layer(weights, i, rotation));
        }
        norm = post ? null : weights.norm("norm");
        heads = new Heads(weights);
    }

    private static Layer layer(Weights weights, int i, AttentionPart.@Nullable Rotation rotation) {
        String name = "layers." + weights.config().weightsOf(i) + ".";
        Experts experts = weights.config().experts();
        return new Layer(
                weights.norm(name + "attention_norm"),
                new AttentionPart(weights, i, rotation),
                weights.norm(name + "feedforward_norm"),
                experts == null ? FeedForwardPart.of(weights, name + "feedforward.") : null,
                experts == null ? null : new ExpertsPart(weights, experts, name + "feedforward."));
    }

    /** What the weights are the weights of. */
    public ModelConfig config() {
        return config;
    }

    /** By the names of {@link ParameterSpec#of}. */
    public Map<String, NDArray> weights() {
        return weights;
    }

    /** Whether the pass is the model's own, and nothing watches or changes its operations. */
    public boolean plain() {
        return operations == Operations.PLAIN;
    }

    /** What turns hidden states into predictions. */
    public Heads heads() {
        return heads;
    }

    /** Hidden states of sequences without padding. */
    public NDArray hidden(NDArray ids_BT, boolean training) {
        return forward(Input.of(ids_BT, training)).hidden_BTC();
    }

    /** @throws IllegalArgumentException if the sequences are longer than the context */
    public Output forward(Input input) {
        var pass = new Pass(config, input, tokens_VC.getDataType());
        if (pass.keys() > config.context()) {
            throw new IllegalArgumentException(
                    "a sequence has " + pass.keys() + " tokens, the model takes at most " + config.context());
        }
        NDArray x_BTC = LtFunctions.dropout(embed(input, pass), pass.dropout);
        for (int i = 0; i < layers.size(); i++) {
            // What a layer makes is let go of at its end; what its gradient needs is kept by the recorded graph.
            try (NDManager scope = pass.manager.newSubManager()) {
                if (!input.recompute()) {
                    x_BTC.attach(scope);
                }
                Layer layer = layers.get(i);
                x_BTC = operations.stream(i, x_BTC);
                x_BTC = input.recompute() ? recomputed(layer, x_BTC, pass) : apply(layer, x_BTC, pass);
                x_BTC.attach(pass.manager);
            }
        }
        if (pass.cache != null) {
            pass.cache.advance(pass.length);
        }
        x_BTC = operations.stream(layers.size(), x_BTC);
        return new Output(norm == null ? x_BTC : norm.of(x_BTC), pass.auxiliaryLoss, List.copyOf(pass.expertShares));
    }

    private NDArray embed(Input input, Pass pass) {
        NDArray x_BTC = LtFunctions.embedding(input.ids_BT(), tokens_VC);
        if (positions_TC != null) {
            NDArray rows_TC = LtFunctions.narrow(positions_TC, 0, pass.start, pass.length);
            rows_TC.attach(pass.manager);
            x_BTC = x_BTC.add(rows_TC);
        }
        if (segments_GC != null) {
            NDArray segments_BT = input.segments_BT();
            NDArray types_BT = segments_BT == null ? input.ids_BT().zerosLike() : segments_BT;
            x_BTC = x_BTC.add(LtFunctions.embedding(types_BT, segments_GC));
        }
        return embeddingNorm == null ? x_BTC : embeddingNorm.of(x_BTC);
    }

    private NDArray apply(Layer layer, NDArray x_BTC, Pass pass) {
        return feed(layer, attend(layer, x_BTC, pass), pass);
    }

    private NDArray recomputed(Layer layer, NDArray x_BTC, Pass pass) {
        boolean draws = pass.dropout > 0;
        return layer.experts == null
                ? Recompute.apply(draws, x -> apply(layer, x, pass), x_BTC)
                : feed(layer, Recompute.apply(draws, x -> attend(layer, x, pass), x_BTC), pass);
    }

    private NDArray attend(Layer layer, NDArray x_BTC, Pass pass) {
        boolean pre = config.normPlacement() == NormPlacement.PRE;
        NDArray attended_BTC = layer.attention.of(pre ? layer.attentionNorm.of(x_BTC) : x_BTC, pass);
        NDArray sum_BTC = x_BTC.add(LtFunctions.dropout(attended_BTC, pass.dropout));
        return pre ? sum_BTC : layer.attentionNorm.of(sum_BTC);
    }

    private NDArray feed(Layer layer, NDArray x_BTC, Pass pass) {
        boolean pre = config.normPlacement() == NormPlacement.PRE;
        NDArray fed_BTC = layer.feed(pre ? layer.feedForwardNorm.of(x_BTC) : x_BTC, pass);
        NDArray sum_BTC = x_BTC.add(LtFunctions.dropout(fed_BTC, pass.dropout));
        return pre ? sum_BTC : layer.feedForwardNorm.of(sum_BTC);
    }

    private static NDArray sinusoids(ModelConfig config, NDArray like) {
        NDArray plain = like.getManager().create(sinusoids(config), new Shape(config.context(), config.width()));
        return plain.toDevice(like.getDevice(), false).toType(like.getDataType(), false);
    }

    /**
     * Sine in the even places and cosine in the odd ones, of wavelengths from 2π to 10,000·2π (Vaswani et al. 2017, 3.5).
     *
     * @return [T, C] for the whole context, row-major
     */
    public static float[] sinusoids(ModelConfig config) {
        int C = config.width();
        var table = new float[config.context() * C];
        for (int t = 0; t < config.context(); t++) {
            for (int c = 0; c < C; c++) {
                table[t * C + c] = sinusoid(config, t, c);
            }
        }
        return table;
    }

    /** The value in column {@code c} of position {@code t} of {@link #sinusoids(ModelConfig)}. */
    public static float sinusoid(ModelConfig config, int t, int c) {
        double amplitude = ModelConfig.SINUSOID_AMPLITUDE * config.initializerRange();
        double angle = t * Math.pow(10_000, -(c - c % 2) / (double) config.width());
        return (float) (amplitude * (c % 2 == 0 ? Math.sin(angle) : Math.cos(angle)));
    }
}
