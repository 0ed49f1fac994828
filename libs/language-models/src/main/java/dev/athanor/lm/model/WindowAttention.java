package dev.athanor.lm.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import dev.athanor.libtorch.LtFunctions;
import org.jspecify.annotations.Nullable;

/**
 * Attention of a layer with a window by blocks: time and memory grow with T·W instead of T·T. What is seen, and with what weight, is as in
 * {@link AttentionPart}'s dense scores, but to rounding; only positions in an encoder's padding come out otherwise, which nobody
 * sees. Dropout draws other numbers. Shapes as in {@link WindowBlocks}.
 *
 * @param relative T5's biases of distances, [buckets, H], or null
 */
record WindowAttention(
        ModelConfig config,
        Operations operations,
        int layer,
        LayerAttention attention,
        WindowBlocks blocks,
        @Nullable NDArray relative,
        double scale) {

    /**
     * @param q_BTC queries, positions applied
     * @param kv_BTE keys, positions applied, and values beside them: E = 2·K·D here
     * @return [B, T, C]
     */
    NDArray of(NDArray q_BTC, NDArray kv_BTE, Pass pass) {
        NDArray bias = pass.mask(attention, blocks);
        if (relative != null) {
            int P = blocks.size();
            bias = bias.add(RelativeDistances.bucketBias(pass, relative, blocks.before() * P, P, blocks.near()));
            bias.attach(q_BTC.getManager());
        }
        NDArray y_BTC = blocks.sequences(attend(blocks.queries(q_BTC), blocks.keys(kv_BTE), bias, pass));
        return blocks.globals() == 0 ? y_BTC : withGlobals(y_BTC, q_BTC, kv_BTE, pass);
    }

    /** Global positions see all, which in a decoder are global ones before them. */
    private NDArray withGlobals(NDArray y_BTC, NDArray q_BTC, NDArray kv_BTE, Pass pass) {
        int G = blocks.globals();
        boolean decoder = config.stack() == ModelConfig.Stack.DECODER;
        NDArray seen_BSE = decoder ? LtFunctions.narrow(kv_BTE, 1, 0, G) : kv_BTE;
        NDArray bias = pass.globalsMask(attention, G, decoder ? G : blocks.length());
        NDArray y_BGC = attend(LtFunctions.narrow(q_BTC, 1, 0, G), seen_BSE, bias, pass);
        NDArray others_BTC = LtFunctions.narrow(y_BTC, 1, G, blocks.length() - G);
        return NDArrays.concat(new NDList(y_BGC, others_BTC), 1);
    }

    /** [N, P, C] of queries [N, P, C] and keys and values [N, W, E]. */
    private NDArray attend(NDArray q_NPC, NDArray kv_NWE, NDArray bias, Pass pass) {
        int KD = config.keyValueHeads() * config.headWidth();
        NDArray[] kv = LtFunctions.split(kv_NWE, KD, KD);
        NDArray q_NHPD = LtFunctions.splitHeads(q_NPC, config.heads());
        NDArray k_NKWD = LtFunctions.splitHeads(kv[0], config.keyValueHeads());
        NDArray v_NKWD = LtFunctions.splitHeads(kv[1], config.keyValueHeads());
        return LtFunctions.mergeHeads(operations.attention(
                layer, new Operations.Attention(q_NHPD, k_NKWD, v_NKWD, bias, false, pass.dropout, scale)));
    }
}
