package dev.athanor.lm.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
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
    final @Nullable NDArray padding_B11S;
    /** Hides positions of other documents; null where there is one document a sequence. */
    final @Nullable NDArray documents_B1TS;

    /** Sum of what the experts' routers add to the loss. */
    @Nullable
    NDArray auxiliaryLoss;
    /** For each layer of experts, the share of the assignments that each expert got. */
    final List<double[]> expertShares = new ArrayList<>();

    private final Map<LayerAttention, NDArray> masks = new HashMap<>();

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
        int[] lengths = input.lengths();
        // A decoder's positions see nothing after them, so padding at the end needs no mask there.
        this.padding_B11S = lengths == null || config.stack() == ModelConfig.Stack.DECODER ? null : padding(lengths);
        int[] documents_BT = input.documents_BT();
        this.documents_B1TS = documents_BT == null ? null : apart(documents_BT);
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

    private NDArray apart(int[] documents_BT) {
        if (start > 0 || documents_BT.length != rows * length) {
            throw new IllegalArgumentException("document numbers are given for " + documents_BT.length
                    + " positions, expected " + rows + " × " + length + " and no cache");
        }
        try (NDManager scope = manager.newSubManager()) {
            NDArray numbers_BT = scope.create(documents_BT, new Shape(rows, length));
            NDArray bias = numbers_BT
                    .reshape(rows, 1, length, 1)
                    .neq(numbers_BT.reshape(rows, 1, 1, length))
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
            if (documents_B1TS != null) {
                known = known.add(documents_B1TS);
            }
            masks.put(attention, known);
        }
        return known;
    }

    void addAuxiliaryLoss(NDArray loss) {
        NDArray before = auxiliaryLoss;
        auxiliaryLoss = before == null ? loss : before.add(loss);
        auxiliaryLoss.attach(manager);
    }
}
