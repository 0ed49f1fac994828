package dev.athanor.lm.onnx;

import static dev.athanor.lm.onnx.OnnxTensor.Type.BOOL;
import static dev.athanor.lm.onnx.OnnxTensor.Type.FLOAT;

import dev.athanor.lm.model.AttentionMask;
import dev.athanor.lm.model.LayerAttention;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.ModelConfig.Stack;
import dev.athanor.lm.model.RelativeDistances;
import dev.athanor.lm.onnx.OnnxGraph.Attribute;
import dev.athanor.lm.onnx.OnnxGraph.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What depends on positions alone, made once for all layers. A token's position is the number of tokens before it that the attention
 * mask has, so sequences may be padded at either end, and in the middle where a padded batch was continued. Shapes as in
 * {@link TransformerGraph}.
 */
final class PositionsGraph {

    private final ModelConfig config;
    private final OnnxOps ops;
    private final Value keyPositions_BS;
    private final Value queryPositions_BT;
    private final Value distances_BTS;
    private final Value seen_B1TS;
    private final Map<LayerAttention, Value> biases = new HashMap<>();
    private final @Nullable Value buckets_BTS;
    private final @Nullable Rotation rotation;

    /** Cosines and sines of the queries' positions, the same for all heads. */
    private record Rotation(Value cos_B1TD, Value sin_B1TD) {}

    /**
     * @param mask_BS 1 for tokens, 0 for padding
     * @param past whether the queries are the last T of the S positions
     */
    PositionsGraph(ModelConfig config, OnnxOps ops, Value ids_BT, Value mask_BS, boolean past) {
        this.config = config;
        this.ops = ops;
        ops.graph().scope("positions");
        Value keys = ops.size(mask_BS, 1);
        Value first = ops.sub(keys, ops.size(ids_BT, 1));
        keyPositions_BS =
                ops.of("Max", ops.sub(ops.of("CumSum", mask_BS, ops.integer(1)), ops.integer(1)), ops.integer(0));
        queryPositions_BT = past ? ops.slice(keyPositions_BS, first, keys, 1) : keyPositions_BS;
        distances_BTS = ops.sub(ops.unsqueeze(keyPositions_BS, 1), ops.unsqueeze(queryPositions_BT, 2));
        Value tokens_B11S = ops.unsqueeze(ops.cast(mask_BS, BOOL), 1, 2);
        seen_B1TS =
                config.stack() == Stack.ENCODER ? tokens_B11S : ops.of("And", tokens_B11S, causal(keys, first, past));
        buckets_BTS = config.has(LayerAttention.Positions.RELATIVE) ? buckets_BTS() : null;
        rotation = config.has(LayerAttention.Positions.ROTARY) ? rotation() : null;
    }

    /** By place in the sequence, padding included, for padding may have the position of a token. */
    private Value causal(Value keys, Value first, boolean past) {
        Value places_S = ops.of("Range", ops.integer(0), ops.of("Squeeze", keys), ops.integer(1));
        Value queries_T = past ? ops.slice(places_S, first, keys, 0) : places_S;
        return ops.of("LessOrEqual", ops.unsqueeze(places_S, 0), ops.unsqueeze(queries_T, 1));
    }

    /** Positions of the tokens that hidden states are computed of. */
    Value queryPositions_BT() {
        return queryPositions_BT;
    }

    /** What is added to the scores of such a layer: [B, 1 or H, T or 1, S]. */
    Value bias(LayerAttention attention) {
        return biases.computeIfAbsent(attention, this::makeBias);
    }

    private Value makeBias(LayerAttention attention) {
        ops.graph().scope("positions");
        Value seen = attention.kind() == LayerAttention.Kind.FULL
                ? seen_B1TS
                : ops.of("And", seen_B1TS, ops.unsqueeze(pattern_BTS(attention), 1));
        Value bias = ops.of("Where", seen, ops.number(0), ops.number(AttentionMask.HIDDEN));
        if (attention.positions() != LayerAttention.Positions.ALIBI) {
            return bias;
        }
        var mask = new AttentionMask(config, attention);
        var slopes_H = new float[config.heads()];
        for (int h = 0; h < slopes_H.length; h++) {
            slopes_H[h] = (float) -mask.slope(h);
        }
        Value slopes_H11 =
                ops.graph().constant(OnnxTensor.ofFloats("slopes", List.of((long) slopes_H.length, 1L, 1L), slopes_H));
        Value away_B1TS = ops.unsqueeze(ops.cast(ops.of("Abs", distances_BTS), FLOAT), 1);
        return ops.add(bias, ops.mul(away_B1TS, slopes_H11));
    }

    private Value pattern_BTS(LayerAttention attention) {
        Value pattern_BTS = ops.of("Less", ops.of("Abs", distances_BTS), ops.integer(attention.window()));
        if (attention.globals() > 0) {
            Value globals = ops.integer(attention.globals());
            Value global_BTS = ops.of(
                    "Or",
                    ops.of("Less", ops.unsqueeze(queryPositions_BT, 2), globals),
                    ops.of("Less", ops.unsqueeze(keyPositions_BS, 1), globals));
            pattern_BTS = ops.of("Or", pattern_BTS, global_BTS);
        }
        return attention.randoms() == 0 ? pattern_BTS : ops.of("Or", pattern_BTS, random_BTS(attention));
    }

    private Value random_BTS(LayerAttention attention) {
        int R = attention.randoms();
        var mask = new AttentionMask(config, attention);
        var keys = new long[config.context() * R];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = mask.randomKey(i / R, i % R);
        }
        Value table = ops.graph()
                .constant(OnnxTensor.ofInts("random_keys_" + R, List.of((long) config.context(), (long) R), keys));
        Value chosen_BTR1 = ops.unsqueeze(ops.gather(table, queryPositions_BT), 3);
        Value equal_BTRS = ops.of("Equal", chosen_BTR1, ops.unsqueeze(keyPositions_BS, 1, 2));
        Value any_BTS = ops.graph()
                .node(
                        "ReduceMax",
                        List.of(ops.cast(equal_BTRS, FLOAT)),
                        Attribute.of("axes", new long[] {2}),
                        Attribute.of("keepdims", 0L));
        return ops.cast(any_BTS, BOOL);
    }

    private Value buckets_BTS() {
        int widest = config.context() - 1;
        var buckets = new long[2 * widest + 1];
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = RelativeDistances.bucket(config, i - widest);
        }
        Value table = ops.graph().constant(OnnxTensor.ofInts("buckets", List.of((long) buckets.length), buckets));
        return ops.gather(table, ops.add(distances_BTS, ops.integer(widest)));
    }

    /** T5's bias of a layer, [B, H, T, S]. */
    Value relativeBias(Value weight) {
        return ops.transpose(ops.gather(weight, Objects.requireNonNull(buckets_BTS)), 0, 3, 1, 2);
    }

    /** Rows of the table of distances, [B, 1, T, S] for query less key, or for key less query. */
    Value distanceRows(boolean byKey) {
        int span = config.relativeSpan();
        Value distances = byKey ? distances_BTS : ops.of("Neg", distances_BTS);
        Value row_BTS = ops.of(
                "Min",
                ops.of("Max", ops.add(distances, ops.integer(span)), ops.integer(0)),
                ops.integer(2L * span - 1));
        return ops.unsqueeze(row_BTS, 1);
    }

    /** Queries or new keys, [B, heads, T, D], turned by their positions, the halves of a head against each other. */
    Value rotated(Value x_BHTD) {
        Rotation turn = Objects.requireNonNull(rotation);
        int half = config.headWidth() / 2;
        List<Value> halves = ops.split(x_BHTD, half, half);
        Value crossed_BHTD = ops.concat(-1, ops.of("Neg", halves.get(1)), halves.get(0));
        return ops.add(ops.mul(x_BHTD, turn.cos_B1TD), ops.mul(crossed_BHTD, turn.sin_B1TD));
    }

    private Rotation rotation() {
        double[] frequencies = config.rotaryScaling().inverseFrequencies(config.headWidth(), config.rotaryTheta());
        int D = config.headWidth();
        var cos_TD = new float[config.context() * D];
        var sin_TD = new float[config.context() * D];
        for (int i = 0; i < cos_TD.length; i++) {
            double angle = i / D * frequencies[i % D % frequencies.length];
            cos_TD[i] = (float) StrictMath.cos(angle);
            sin_TD[i] = (float) StrictMath.sin(angle);
        }
        return new Rotation(rows_B1TD("rotary.cos", cos_TD), rows_B1TD("rotary.sin", sin_TD));
    }

    private Value rows_B1TD(String name, float[] table_TD) {
        List<Long> shape = List.of((long) config.context(), (long) config.headWidth());
        Value table = ops.graph().constant(OnnxTensor.ofFloats(name, shape, table_TD));
        return ops.unsqueeze(ops.gather(table, queryPositions_BT), 1);
    }
}
