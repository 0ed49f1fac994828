package dev.athanor.lm.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.athanor.libtorch.LtFunctions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the parts of one forward pass share. */
final class Pass {

    final ModelConfig config;
    /** Owns what outlives a layer. */
    final NDManager manager;
    /** B. */
    final int rows;
    /** T, positions computed now. */
    final int length;
    /** Positions before them, whose keys and values are in the cache. */
    final int start;

    final boolean training;
    final double dropout;
    final DataType type;
    final @Nullable KeyValueCache cache;
    /** Tokens of each sequence; null where nothing is padded, or nobody would see it. */
    final int @Nullable [] lengths;

    final @Nullable NDArray padding_B11S;
    /** Number of the document of each position; null where there is one document a sequence. */
    final int @Nullable [] documents_BT;

    /** Sum of what the experts' routers add to the loss. */
    @Nullable
    NDArray auxiliaryLoss;
    /** For each layer of experts, the share of the assignments that each expert got. */
    final List<double[]> expertShares = new ArrayList<>();

    private final Map<LayerAttention, NDArray> masks = new HashMap<>();
    private final Map<LayerAttention, NDArray> blockMasks = new HashMap<>();
    private final Map<LayerAttention, NDArray> globalsMasks = new HashMap<>();
    private @Nullable NDArray apart_B1TS;

    Pass(ModelConfig config, Transformer.Input input, DataType type) {
        this.config = config;
        this.manager = input.ids_BT().getManager();
        this.rows = (int) input.ids_BT().getShape().get(0);
        this.length = (int) input.ids_BT().getShape().get(1);
        this.training = input.training();
        this.dropout = training ? config.dropout() : 0;
        this.cache = input.cache();
        this.start = cache == null ? 0 : cache.length();
        this.type = type;
        // A decoder's positions see nothing after them, so padding at the end needs no mask there.
        this.lengths = config.stack() == ModelConfig.Stack.DECODER ? null : input.lengths();
        this.padding_B11S = lengths == null ? null : padding(lengths);
        this.documents_BT = input.documents_BT();
        if (documents_BT != null && (start > 0 || documents_BT.length != rows * length)) {
            throw new IllegalArgumentException("document numbers are given for " + documents_BT.length
                    + " positions, expected " + rows + " × " + length + " and no cache");
        }
    }

    /** S, positions that can be attended to. */
    int keys() {
        return start + length;
    }

    private NDArray padding(int[] lengths) {
        var bias = new float[rows * length];
        for (int b = 0; b < rows; b++) {
            for (int s = lengths[b]; s < length; s++) {
                bias[b * length + s] = AttentionMask.HIDDEN;
            }
        }
        return manager.create(bias, new Shape(rows, 1, 1, length)).toType(type, false);
    }

    /** Hides positions of other documents. */
    private NDArray apart_B1TS(int[] documents_BT) {
        NDArray known = apart_B1TS;
        if (known == null) {
            known = apart(documents_BT, length, length);
            apart_B1TS = known;
        }
        return known;
    }

    /** [B, 1, queries, keys] from the first position on. */
    private NDArray apart(int[] documents_BT, int queries, int keys) {
        try (NDManager scope = manager.newSubManager()) {
            NDArray numbers_BT = scope.create(documents_BT, new Shape(rows, length));
            NDArray bias = LtFunctions.narrow(numbers_BT, 1, 0, queries)
                    .reshape(rows, 1, queries, 1)
                    .neq(LtFunctions.narrow(numbers_BT, 1, 0, keys).reshape(rows, 1, 1, keys))
                    .toType(type, false)
                    .mul(AttentionMask.HIDDEN);
            bias.attach(manager);
            return bias;
        }
    }

    /**
     * The part of the scores' bias that depends on positions and documents alone, [1 or B, 1 or H, T, S]; made once a pass for like
     * layers.
     */
    NDArray mask(LayerAttention attention) {
        NDArray known = masks.get(attention);
        if (known == null) {
            var mask = new AttentionMask(config, attention);
            known = manager.create(mask.values(start, length, keys()), new Shape(1, mask.heads(), length, keys()))
                    .toType(type, false);
            if (documents_BT != null) {
                known = known.add(apart_B1TS(documents_BT));
            }
            masks.put(attention, known);
        }
        return known;
    }

    /** What {@link #mask(LayerAttention)} and {@link #padding_B11S} say, block by block: [N, 1 or H, P, W] as in {@link WindowBlocks}. */
    NDArray mask(LayerAttention attention, WindowBlocks blocks) {
        return blockMasks.computeIfAbsent(attention, a -> new WindowMask(this, a, blocks).values());
    }

    /** What {@link #mask(LayerAttention)} and {@link #padding_B11S} say of the first positions: [1 or B, 1, queries, keys]. */
    NDArray globalsMask(LayerAttention attention, int queries, int keys) {
        return globalsMasks.computeIfAbsent(attention, a -> {
            float[] values = new AttentionMask(config, a).values(0, queries, keys);
            NDArray bias =
                    manager.create(values, new Shape(1, 1, queries, keys)).toType(type, false);
            if (documents_BT != null) {
                bias = bias.add(apart(documents_BT, queries, keys));
            }
            return padding_B11S == null ? bias : bias.add(padding_B11S);
        });
    }

    void addAuxiliaryLoss(NDArray loss) {
        NDArray before = auxiliaryLoss;
        auxiliaryLoss = before == null ? loss : before.add(loss);
        auxiliaryLoss.attach(manager);
    }
}
