package dev.athanor.lm.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.athanor.libtorch.LtFunctions;
import dev.athanor.lm.model.LayerAttention.Positions;
import dev.athanor.lm.model.ModelConfig.Stack;
import org.jspecify.annotations.Nullable;

/** The attention of one layer: projections, positions, scores, output projection. Shapes as in {@link Transformer}. */
final class AttentionPart {

    private final ModelConfig config;
    private final int layer;
    private final LayerAttention attention;
    private final Weights.Linear qkv;
    private final Weights.Linear out;
    private final @Nullable NDArray relative;
    private final @Nullable NDArray distances_RC;
    private final @Nullable Rotation rotation;

    /** Tables of rotary positions for the whole context. */
    record Rotation(NDArray cos_TD, NDArray sin_TD) {

        static Rotation of(ModelConfig config, NDArray like) {
            double[] frequencies = config.rotaryScaling().inverseFrequencies(config.headWidth(), config.rotaryTheta());
            NDArray[] tables = LtFunctions.rotaryTable(like, 0, config.context(), frequencies);
            return new Rotation(tables[0], tables[1]);
        }

        NDArray of(NDArray x_BHTD, int start) {
            NDManager owner = x_BHTD.getManager();
            long length = x_BHTD.getShape().get(2);
            return LtFunctions.rotary(x_BHTD, rows(cos_TD, start, length, owner), rows(sin_TD, start, length, owner));
        }

        private static NDArray rows(NDArray table, int start, long length, NDManager owner) {
            NDArray view = LtFunctions.narrow(table, 0, start, length);
            view.attach(owner);
            return view;
        }
    }

    AttentionPart(Weights weights, int layer, @Nullable Rotation rotation) {
        this.config = weights.config();
        this.layer = layer;
        this.attention = config.attention(layer);
        String name = "layers." + config.weightsOf(layer) + ".attention.";
        qkv = weights.linear(name + "qkv");
        out = weights.linear(name + "out");
        relative = attention.positions() == Positions.RELATIVE ? weights.weight(name + "relative.weight") : null;
        distances_RC = attention.positions() == Positions.DISENTANGLED ? weights.weight("distances.weight") : null;
        this.rotation = attention.positions() == Positions.ROTARY ? rotation : null;
    }

    NDArray of(NDArray x_BTC, Pass pass) {
        int C = config.width();
        int KD = config.keyValueHeads() * config.headWidth();
        NDArray qkv_BTE = qkv.of(x_BTC);
        NDArray q_BHTD = LtFunctions.splitHeads(LtFunctions.narrow(qkv_BTE, 2, 0, C), config.heads());
        NDArray k_BKSD = LtFunctions.splitHeads(LtFunctions.narrow(qkv_BTE, 2, C, KD), config.keyValueHeads());
        NDArray v_BKSD = LtFunctions.splitHeads(LtFunctions.narrow(qkv_BTE, 2, C + KD, KD), config.keyValueHeads());
        if (rotation != null) {
            q_BHTD = rotation.of(q_BHTD, pass.start);
            k_BKSD = rotation.of(k_BKSD, pass.start);
        }
        if (pass.cache != null) {
            NDArray[] all = pass.cache.extend(layer, k_BKSD, v_BKSD);
            k_BKSD = all[0];
            v_BKSD = all[1];
        }
        NDArray bias = bias(pass, q_BHTD, k_BKSD);
        boolean causal = bias == null && config.stack() == Stack.DECODER && pass.length > 1;
        NDArray y_BHTD =
                LtFunctions.scaledDotProductAttention(q_BHTD, k_BKSD, v_BKSD, bias, causal, pass.dropout, scale());
        return out.of(LtFunctions.mergeHeads(y_BHTD));
    }

    /** 1/√D, or 1/√3D where two further terms are added to the scores (He et al. 2021). */
    private double scale() {
        return 1 / Math.sqrt((distances_RC == null ? 1.0 : 3.0) * config.headWidth());
    }

    /** What is added to the scores beside the plain causal mask, broadcastable to [B, H, T, S]; null for nothing. */
    private @Nullable NDArray bias(Pass pass, NDArray q_BHTD, NDArray k_BKSD) {
        boolean trained = relative != null || distances_RC != null;
        boolean causal = config.stack() == Stack.DECODER && pass.length > 1;
        NDArray bias = null;
        if (new AttentionMask(config, attention).needed(pass.start, pass.length) || (trained && causal)) {
            bias = pass.mask(attention);
        }
        if (pass.padding_B11S != null) {
            bias = sum(bias, pass.padding_B11S);
        }
        if (relative != null) {
            bias = sum(bias, RelativeDistances.bucketBias(pass, relative));
        }
        if (distances_RC != null) {
            bias = sum(bias, RelativeDistances.disentangledBias(pass, q_BHTD, k_BKSD, qkv, distances_RC, scale()));
        }
        return bias;
    }

    private static NDArray sum(@Nullable NDArray a, NDArray b) {
        return a == null ? b : b.add(a);
    }
}
