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
    private final Operations operations;
    private final int layer;
    private final LayerAttention attention;
    private final Weights.Linear qkv;
    private final Weights.Linear out;
    private final @Nullable NDArray relative;
    private final @Nullable NDArray distances_RC;
    private final @Nullable Rotation rotation;

    /** Tables of rotary positions for the whole context, for all heads of queries and keys side by side: N = (H + K)·D. */
    record Rotation(NDArray cos_TN, NDArray sin_TN) {

        static Rotation of(ModelConfig config, NDArray like) {
            double[] frequencies = config.rotaryScaling().inverseFrequencies(config.headWidth(), config.rotaryTheta());
            NDArray[] tables = LtFunctions.rotaryTable(like, 0, config.context(), frequencies);
            int heads = config.heads() + config.keyValueHeads();
            return new Rotation(repeated(tables[0], heads), repeated(tables[1], heads));
        }

        private static NDArray repeated(NDArray table, int times) {
            try (table) {
                return table.tile(1, times);
            }
        }

        NDArray[] split(NDArray qkv_BTE, int start, int headWidth, long... sizes) {
            NDManager owner = qkv_BTE.getManager();
            long length = qkv_BTE.getShape().get(1);
            return LtFunctions.splitRotated(
                    qkv_BTE, rows(cos_TN, start, length, owner), rows(sin_TN, start, length, owner), headWidth, sizes);
        }

        private static NDArray rows(NDArray table, int start, long length, NDManager owner) {
            NDArray view = LtFunctions.narrow(table, 0, start, length);
            view.attach(owner);
            return view;
        }
    }

    AttentionPart(Weights weights, int layer, @Nullable Rotation rotation) {
        this.config = weights.config();
        this.operations = weights.operations();
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
        WindowBlocks blocks = blocks(pass);
        NDArray y_BTC;
        if (blocks == null) {
            y_BTC = dense(split(qkv_BTE, pass, C, KD, KD), pass);
        } else {
            NDArray[] parts = split(qkv_BTE, pass, C, 2L * KD);
            if (pass.cache != null) {
                NDArray[] kv = LtFunctions.split(parts[1], KD, KD);
                pass.cache.extend(
                        layer,
                        LtFunctions.splitHeads(kv[0], config.keyValueHeads()),
                        LtFunctions.splitHeads(kv[1], config.keyValueHeads()));
            }
            y_BTC = new WindowAttention(config, operations, layer, attention, blocks, relative, scale())
                    .of(parts[0], parts[1], pass);
        }
        return out.of(y_BTC);
    }

    /** Null for dense scores, which tools that watch the operations are shown too. */
    private @Nullable WindowBlocks blocks(Pass pass) {
        return operations == Operations.PLAIN && pass.start == 0
                ? WindowBlocks.of(config, attention, pass.length)
                : null;
    }

    private NDArray[] split(NDArray qkv_BTE, Pass pass, long... sizes) {
        return rotation == null
                ? LtFunctions.split(qkv_BTE, sizes)
                : rotation.split(qkv_BTE, pass.start, config.headWidth(), sizes);
    }

    /** All scores; what a pattern hides is masked. The plain twin of {@link WindowAttention}. */
    private NDArray dense(NDArray[] parts, Pass pass) {
        NDArray q_BHTD = LtFunctions.splitHeads(parts[0], config.heads());
        NDArray k_BKSD = LtFunctions.splitHeads(parts[1], config.keyValueHeads());
        NDArray v_BKSD = LtFunctions.splitHeads(parts[2], config.keyValueHeads());
        if (pass.cache != null) {
            NDArray[] all = pass.cache.extend(layer, k_BKSD, v_BKSD);
            k_BKSD = all[0];
            v_BKSD = all[1];
        }
        NDArray bias = bias(pass, q_BHTD, k_BKSD);
        boolean causal = bias == null && config.stack() == Stack.DECODER && pass.length > 1;
        NDArray y_BHTD = operations.attention(
                layer, new Operations.Attention(q_BHTD, k_BKSD, v_BKSD, bias, causal, pass.dropout, scale()));
        return LtFunctions.mergeHeads(y_BHTD);
    }

    /** 1/√D, or 1/√3D where two further terms are added to the scores (He et al. 2021). */
    private double scale() {
        return 1 / Math.sqrt((distances_RC == null ? 1.0 : 3.0) * config.headWidth());
    }

    /** What is added to the scores beside the plain causal mask, broadcastable to [B, H, T, S]; null for nothing. */
    private @Nullable NDArray bias(Pass pass, NDArray q_BHTD, NDArray k_BKSD) {
        // Where there is a bias anyway, the causal mask must be part of it.
        boolean others = relative != null || distances_RC != null;
        boolean causal = config.stack() == Stack.DECODER && pass.length > 1;
        NDArray bias = null;
        if (new AttentionMask(config, attention).needed(pass.start, pass.length)
                || (others && causal)
                || pass.documents_BT != null) {
            bias = pass.mask(attention);
        }
        if (pass.padding_B11S != null) {
            bias = sum(bias, pass.padding_B11S);
        }
        if (relative != null) {
            bias = sum(bias, RelativeDistances.bucketBias(pass, relative, pass.start, pass.length, pass.keys()));
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
