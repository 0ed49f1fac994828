package dev.athanor.lm.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.athanor.libtorch.LtFunctions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The forward pass of a {@link ModelConfig} over a set of weights, in the data type of the weights.
 *
 * <p>Shapes, as suffixes of array names: B sequences, T positions, C width, H query heads, K key/value heads, D values a head,
 * F feed-forward width, V vocabulary, E = C + 2·K·D.
 */
public final class Transformer {

    private final ModelConfig config;
    private final NDArray tokens_VC;
    private final @Nullable NDArray positions_TC;
    private final List<Layer> layers = new ArrayList<>();
    private final Norm norm;
    private final NDArray output_VC;
    private final @Nullable Rotary rotary;

    private record Layer(
            Norm attentionNorm, Linear qkv, Linear attentionOut, Norm feedForwardNorm, Linear in, Linear out) {}

    private record Rotary(NDArray cos_TD, NDArray sin_TD) {
        Rotary first(int length, NDManager manager) {
            return new Rotary(firstRows(cos_TD, length, manager), firstRows(sin_TD, length, manager));
        }
    }

    private record Linear(NDArray weight, @Nullable NDArray bias) {
        NDArray of(NDArray x) {
            return LtFunctions.linear(x, weight, bias);
        }
    }

    private record Norm(
            ModelConfig.Norm kind,
            double epsilon,
            NDArray weight,
            @Nullable NDArray bias) {
        NDArray of(NDArray x) {
            return switch (kind) {
                case LAYER_NORM -> LtFunctions.layerNorm(x, weight, bias, epsilon);
                case RMS_NORM -> LtFunctions.rmsNorm(x, weight, epsilon);
            };
        }
    }

    /**
     * Binds the weights, which stay the caller's; tables of fixed positions are made in the manager of the first weight.
     *
     * @param weights by the names of {@link ParameterSpec#of}
     */
    public Transformer(ModelConfig config, Map<String, NDArray> weights) {
        this.config = config;
        var bind = new Binder(config, weights);
        tokens_VC = bind.weight("tokens.weight");
        positions_TC = switch (config.positions()) {
            case NONE -> null;
            case LEARNED -> bind.weight("positions.weight");
            case SINUSOIDAL -> sinusoids(config, tokens_VC);
        };
        for (int i = 0; i < config.layers(); i++) {
            String layer = "layers." + i + ".";
            layers.add(new Layer(
                    bind.norm(layer + "attention_norm"),
                    bind.linear(layer + "attention.qkv"),
                    bind.linear(layer + "attention.out"),
                    bind.norm(layer + "feedforward_norm"),
                    bind.linear(layer + "feedforward.in"),
                    bind.linear(layer + "feedforward.out")));
        }
        norm = bind.norm("norm");
        output_VC = config.tiedEmbeddings() ? tokens_VC : bind.weight("output.weight");
        boolean rotates = config.attention().stream().anyMatch(a -> a.positions() == LayerAttention.Positions.ROTARY);
        if (rotates) {
            NDArray[] tables =
                    LtFunctions.rotaryTable(tokens_VC, 0, config.context(), config.headWidth(), config.rotaryTheta());
            rotary = new Rotary(tables[0], tables[1]);
        } else {
            rotary = null;
        }
    }

    public ModelConfig config() {
        return config;
    }

    /** The weight of the output projection: the token embedding, if they are tied. */
    public NDArray output_VC() {
        return output_VC;
    }

    /**
     * Hidden states after the last norm. Sequences shorter than the batch are padded at the end with any id: no position sees a
     * later one, so the padding changes nothing before it.
     *
     * @param ids_BT token ids, int64; T at most the context
     * @param training whether dropout is applied
     * @return of the manager of {@code ids_BT}
     */
    public NDArray hidden(NDArray ids_BT, boolean training) {
        NDManager manager = ids_BT.getManager();
        int length = (int) ids_BT.getShape().get(1);
        if (length > config.context()) {
            throw new IllegalArgumentException(
                    "a sequence has " + length + " tokens, the model takes at most " + config.context());
        }
        double dropout = training ? config.dropout() : 0;
        NDArray x_BTC = LtFunctions.embedding(ids_BT, tokens_VC);
        if (positions_TC != null) {
            x_BTC = x_BTC.add(firstRows(positions_TC, length, manager));
        }
        x_BTC = LtFunctions.dropout(x_BTC, dropout);
        Rotary rotation = rotary == null ? null : rotary.first(length, manager);
        for (int i = 0; i < layers.size(); i++) {
            // What a layer makes is let go of at its end; what its gradient needs is kept by the recorded graph.
            try (NDManager scope = manager.newSubManager()) {
                x_BTC.attach(scope);
                x_BTC = layer(layers.get(i), config.attention(i), x_BTC, rotation, dropout);
                x_BTC.attach(manager);
            }
        }
        return norm.of(x_BTC);
    }

    /** Logits over the vocabulary, [..., V], of hidden states [..., C]. */
    public NDArray logits(NDArray hidden) {
        return LtFunctions.linear(hidden, output_VC, null);
    }

    private NDArray layer(
            Layer layer, LayerAttention attention, NDArray x_BTC, @Nullable Rotary rotation, double dropout) {
        NDArray attended_BTC = attend(layer, attention, layer.attentionNorm.of(x_BTC), rotation, dropout);
        x_BTC = x_BTC.add(LtFunctions.dropout(attended_BTC, dropout));
        NDArray fed_BTC = feedForward(layer, layer.feedForwardNorm.of(x_BTC));
        return x_BTC.add(LtFunctions.dropout(fed_BTC, dropout));
    }

    private NDArray attend(
            Layer layer, LayerAttention attention, NDArray x_BTC, @Nullable Rotary rotation, double dropout) {
        int C = config.width();
        int H = config.heads();
        int K = config.keyValueHeads();
        int KD = K * config.headWidth();
        NDArray qkv_BTE = layer.qkv.of(x_BTC);
        NDArray q_BHTD = LtFunctions.splitHeads(LtFunctions.narrow(qkv_BTE, 2, 0, C), H);
        NDArray k_BKTD = LtFunctions.splitHeads(LtFunctions.narrow(qkv_BTE, 2, C, KD), K);
        NDArray v_BKTD = LtFunctions.splitHeads(LtFunctions.narrow(qkv_BTE, 2, C + KD, KD), K);
        if (rotation != null && attention.positions() == LayerAttention.Positions.ROTARY) {
            q_BHTD = LtFunctions.rotary(q_BHTD, rotation.cos_TD, rotation.sin_TD);
            k_BKTD = LtFunctions.rotary(k_BKTD, rotation.cos_TD, rotation.sin_TD);
        }
        NDArray y_BHTD = LtFunctions.scaledDotProductAttention(q_BHTD, k_BKTD, v_BKTD, null, true, dropout, null);
        return layer.attentionOut.of(LtFunctions.mergeHeads(y_BHTD));
    }

    private NDArray feedForward(Layer layer, NDArray x_BTC) {
        NDArray h_BTF = layer.in.of(x_BTC);
        h_BTF = switch (config.feedForward()) {
            case RELU -> h_BTF.getNDArrayInternal().relu();
            case GELU -> LtFunctions.gelu(h_BTF, false);
            case GELU_TANH -> LtFunctions.gelu(h_BTF, true);
            case GEGLU -> LtFunctions.geGlu(h_BTF, false);
            case SWIGLU -> LtFunctions.swiGlu(h_BTF);
        };
        return layer.out.of(h_BTF);
    }

    /** A view that is let go of with the manager, not with the table. */
    private static NDArray firstRows(NDArray table, int rows, NDManager manager) {
        NDArray view = LtFunctions.narrow(table, 0, 0, rows);
        view.attach(manager);
        return view;
    }

    /** Sine in the even places and cosine in the odd ones, of wavelengths from 2π to 10,000·2π (Vaswani et al. 2017, 3.5). */
    private static NDArray sinusoids(ModelConfig config, NDArray like) {
        int C = config.width();
        var table = new float[config.context() * C];
        for (int t = 0; t < config.context(); t++) {
            for (int c = 0; c < C; c++) {
                double angle = t * Math.pow(10_000, -(c - c % 2) / (double) C);
                table[t * C + c] = (float) (c % 2 == 0 ? Math.sin(angle) : Math.cos(angle));
            }
        }
        NDArray plain = like.getManager().create(table, new Shape(config.context(), C));
        DataType type = like.getDataType();
        return plain.toDevice(like.getDevice(), false).toType(type, false);
    }

    private record Binder(ModelConfig config, Map<String, NDArray> weights) {

        NDArray weight(String name) {
            NDArray weight = weights.get(name);
            if (weight == null) {
                throw new IllegalArgumentException("the weights lack '" + name + "'");
            }
            return weight;
        }

        Linear linear(String name) {
            return new Linear(weight(name + ".weight"), weights.get(name + ".bias"));
        }

        Norm norm(String name) {
            return new Norm(config.norm(), config.normEpsilon(), weight(name + ".weight"), weights.get(name + ".bias"));
        }
    }
}
