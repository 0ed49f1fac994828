package dev.athanor.lm.onnx;

import dev.athanor.lm.model.Experts;
import dev.athanor.lm.model.LayerAttention;
import dev.athanor.lm.model.LayerAttention.Positions;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.ModelConfig.Norm;
import dev.athanor.lm.model.ModelConfig.NormPlacement;
import dev.athanor.lm.model.Transformer;
import dev.athanor.lm.onnx.OnnxGraph.Attribute;
import dev.athanor.lm.onnx.OnnxGraph.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The forward pass of {@link Transformer}, written down as nodes; to be changed together with it. Hidden states are rows, [N, C] with
 * N = B·T, so that every projection is one {@code Gemm} over a weight as the model has it, and tied weights are there once.
 *
 * <p>Shapes, as suffixes of names: B sequences, T positions, S positions attended to, N = B·T, C width, H query heads, K key/value
 * heads, D values a head, V vocabulary, R distances, E = C + 2·K·D, X experts, P experts a token.
 */
final class TransformerGraph {

    private final ModelConfig config;
    private final OnnxOps ops;
    private final Inputs inputs;
    private final PositionsGraph positions;
    private final Value sizes_BT;
    private final List<KeyValue> present = new ArrayList<>();

    /** Of one layer, [B, K, S, D]. */
    record KeyValue(Value key, Value value) {}

    /**
     * @param mask_BS 1 for tokens, 0 for padding, of all positions
     * @param segments_BT sentence types, or null where the model has none
     * @param past of each layer; empty without a cache
     */
    record Inputs(Value ids_BT, Value mask_BS, @Nullable Value segments_BT, List<KeyValue> past) {}

    TransformerGraph(ModelConfig config, OnnxOps ops, Inputs inputs) {
        this.config = config;
        this.ops = ops;
        this.inputs = inputs;
        positions = new PositionsGraph(config, ops, inputs.ids_BT, inputs.mask_BS, !inputs.past.isEmpty());
        sizes_BT = ops.of("Shape", inputs.ids_BT);
    }

    /** Hidden states [N, C] after the last norm. */
    Value hidden() {
        Value x_NC = embed();
        for (int i = 0; i < config.layers(); i++) {
            x_NC = layer(i, x_NC);
        }
        ops.graph().scope("heads");
        return config.normPlacement() == NormPlacement.PRE ? norm(x_NC, "norm") : x_NC;
    }

    /** Keys and values of the past and of the new positions, of each layer, once {@link #hidden} was made. */
    List<KeyValue> present() {
        return present;
    }

    /** Rows [N, width] as [B, T, width]. */
    Value unflattened(Value rows, long width) {
        return ops.reshape(rows, ops.concat(0, sizes_BT, ops.ints(width)));
    }

    private Value embed() {
        ops.graph().scope("embeddings");
        Value x_BTC = ops.gather(ops.weight("tokens.weight"), inputs.ids_BT);
        if (config.positions() != ModelConfig.Positions.NONE) {
            Value table_TC = config.positions() == ModelConfig.Positions.LEARNED
                    ? ops.weight("positions.weight")
                    : ops.graph()
                            .constant(OnnxTensor.ofFloats(
                                    "sinusoids",
                                    List.of((long) config.context(), (long) config.width()),
                                    Transformer.sinusoids(config)));
            x_BTC = ops.add(x_BTC, ops.gather(table_TC, positions.queryPositions_BT()));
        }
        if (inputs.segments_BT != null) {
            x_BTC = ops.add(x_BTC, ops.gather(ops.weight("segments.weight"), inputs.segments_BT));
        }
        Value x_NC = ops.reshape(x_BTC, ops.ints(-1, config.width()));
        return config.normPlacement() == NormPlacement.POST ? norm(x_NC, "embedding_norm") : x_NC;
    }

    private Value layer(int i, Value x_NC) {
        String name = "layers." + config.weightsOf(i) + ".";
        if (config.normPlacement() == NormPlacement.PRE) {
            ops.graph().scope("layers." + i + "/attention");
            Value attended_NC = ops.add(x_NC, attention(i, norm(x_NC, name + "attention_norm")));
            ops.graph().scope("layers." + i + "/feedforward");
            return ops.add(attended_NC, feed(norm(attended_NC, name + "feedforward_norm"), name + "feedforward."));
        }
        ops.graph().scope("layers." + i + "/attention");
        Value attended_NC = norm(ops.add(x_NC, attention(i, x_NC)), name + "attention_norm");
        ops.graph().scope("layers." + i + "/feedforward");
        return norm(ops.add(attended_NC, feed(attended_NC, name + "feedforward.")), name + "feedforward_norm");
    }

    private Value attention(int layer, Value x_NC) {
        LayerAttention attention = config.attention(layer);
        String name = "layers." + config.weightsOf(layer) + ".attention.";
        int C = config.width();
        long KD = (long) config.keyValueHeads() * config.headWidth();
        List<Value> qkv = ops.split(ops.linear(x_NC, name + "qkv"), C, KD, KD);
        Value q_BHTD = heads(qkv.get(0), config.heads());
        Value k_BKSD = heads(qkv.get(1), config.keyValueHeads());
        Value v_BKSD = heads(qkv.get(2), config.keyValueHeads());
        if (attention.positions() == Positions.ROTARY) {
            q_BHTD = positions.rotated(q_BHTD);
            k_BKSD = positions.rotated(k_BKSD);
        }
        if (!inputs.past.isEmpty()) {
            KeyValue before = inputs.past.get(layer);
            k_BKSD = ops.concat(2, before.key, k_BKSD);
            v_BKSD = ops.concat(2, before.value, v_BKSD);
            present.add(new KeyValue(k_BKSD, v_BKSD));
        }
        Value k_BHSD = repeated(k_BKSD);
        Value scores_BHTS = ops.matMul(q_BHTD, ops.transpose(k_BHSD, 0, 1, 3, 2));
        int terms = 1;
        if (attention.positions() == Positions.DISENTANGLED) {
            scores_BHTS = ops.add(scores_BHTS, disentangled(q_BHTD, k_BHSD, name + "qkv"));
            terms = 3;
        }
        scores_BHTS = ops.mul(scores_BHTS, ops.number(1 / Math.sqrt((double) terms * config.headWidth())));
        if (attention.positions() == Positions.RELATIVE) {
            scores_BHTS = ops.add(scores_BHTS, positions.relativeBias(ops.weight(name + "relative.weight")));
        }
        Value weights_BHTS = ops.softmax(ops.add(scores_BHTS, positions.bias(attention)));
        Value y_BTHD = ops.transpose(ops.matMul(weights_BHTS, repeated(v_BKSD)), 0, 2, 1, 3);
        return ops.linear(ops.reshape(y_BTHD, ops.ints(-1, C)), name + "out");
    }

    /** Rows [N, heads · D] as [B, heads, T, D]. */
    private Value heads(Value x, int heads) {
        Value shape = ops.concat(0, sizes_BT, ops.ints(heads, config.headWidth()));
        return ops.transpose(ops.reshape(x, shape), 0, 2, 1, 3);
    }

    /** [B, K, S, D] as [B, H, S, D], each key/value head for the query heads that share it. */
    private Value repeated(Value x_BKSD) {
        int shares = config.heads() / config.keyValueHeads();
        if (shares == 1) {
            return x_BKSD;
        }
        Value wide = ops.of("Expand", ops.unsqueeze(x_BKSD, 2), ops.ints(1, 1, shares, 1, 1));
        return ops.reshape(wide, ops.ints(0, config.heads(), -1, config.headWidth()));
    }

    /** DeBERTa's content-to-position and position-to-content scores, [B, H, T, S]. */
    private Value disentangled(Value q_BHTD, Value k_BHSD, String projection) {
        int C = config.width();
        List<Value> projected = ops.split(ops.linear(ops.weight("distances.weight"), projection), C, C, C);
        Value shape = ops.ints(-1, config.heads(), config.headWidth());
        Value q_HDR = ops.transpose(ops.reshape(projected.get(0), shape), 1, 2, 0);
        Value k_HDR = ops.transpose(ops.reshape(projected.get(1), shape), 1, 2, 0);
        Value allHeads = ops.ints(1, config.heads(), 1, 1);
        Value toKeys_BHTS = ops.of("Expand", positions.distanceRows(false), allHeads);
        Value toQueries_BHST = ops.of("Expand", ops.transpose(positions.distanceRows(true), 0, 1, 3, 2), allHeads);
        Value contentToPosition_BHTS = ops.gatherElements(ops.matMul(q_BHTD, k_HDR), toKeys_BHTS, 3);
        Value positionToContent_BHST = ops.gatherElements(ops.matMul(k_BHSD, q_HDR), toQueries_BHST, 3);
        return ops.add(contentToPosition_BHTS, ops.transpose(positionToContent_BHST, 0, 1, 3, 2));
    }

    private Value feed(Value x_NC, String name) {
        Experts experts = config.experts();
        return experts == null ? feedForward(x_NC, name) : experts(experts, x_NC, name);
    }

    private Value feedForward(Value x_NC, String name) {
        Value h = ops.linear(x_NC, name + "in");
        return ops.linear(
                switch (config.feedForward()) {
                    case RELU -> ops.of("Relu", h);
                    case GELU -> ops.gelu(h);
                    case GELU_TANH -> ops.geluTanh(h);
                    case GEGLU -> {
                        List<Value> gateUp = halves(h);
                        yield ops.mul(ops.gelu(gateUp.get(0)), gateUp.get(1));
                    }
                    case SWIGLU -> {
                        List<Value> gateUp = halves(h);
                        yield ops.mul(ops.silu(gateUp.get(0)), gateUp.get(1));
                    }
                },
                name + "out");
    }

    private List<Value> halves(Value h) {
        return ops.split(h, config.feedForwardWidth(), config.feedForwardWidth());
    }

    /** Each expert computes the rows that chose it, and its share of their output is added to them. */
    private Value experts(Experts experts, Value x_NC, String name) {
        Value p_NX = ops.softmax(ops.product(x_NC, ops.weight(name + "router.weight")));
        List<Value> chosen =
                ops.graph().nodes("TopK", 2, List.of(p_NX, ops.ints(experts.perToken())), Attribute.of("axis", -1L));
        Value gates_NP = chosen.get(0);
        if (experts.perToken() > 1) {
            gates_NP = ops.of("Div", gates_NP, ops.of("ReduceSum", gates_NP, ops.ints(1)));
        }
        Value none_NX = ops.sub(p_NX, p_NX);
        Value gates_NX = ops.graph()
                .node("ScatterElements", List.of(none_NX, chosen.get(1), gates_NP), Attribute.of("axis", 1L));
        Value y_NC = ops.sub(x_NC, x_NC);
        for (int e = 0; e < experts.count(); e++) {
            Value gate_N1 = ops.slice(gates_NX, ops.ints(e), ops.ints(e + 1), 1);
            Value gate_N = ops.of("Squeeze", gate_N1, ops.ints(1));
            Value rows_1M = ops.of("NonZero", gate_N);
            Value rows_M = ops.of("Squeeze", rows_1M, ops.ints(0));
            Value part_MC = ops.mul(
                    feedForward(ops.gather(x_NC, rows_M), name + "experts." + e + "."), ops.gather(gate_N1, rows_M));
            Value rows_M1 = ops.transpose(rows_1M, 1, 0);
            y_NC = ops.graph().node("ScatterND", List.of(y_NC, rows_M1, part_MC), Attribute.of("reduction", "add"));
        }
        return y_NC;
    }

    private Value norm(Value x, String name) {
        return config.norm() == Norm.LAYER_NORM
                ? ops.layerNorm(x, name, config.normEpsilon())
                : ops.rmsNorm(x, name, config.normEpsilon());
    }
}
