package dev.athanor.lm.inspect;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.athanor.libtorch.Autograd;
import dev.athanor.lm.Devices;
import dev.athanor.lm.model.Operations;
import java.util.ArrayList;
import java.util.List;

/** How much each position attends to each other one, by layer and head. */
public final class AttentionMaps {

    private AttentionMaps() {}

    /**
     * One sequence's maps.
     *
     * @return [layers][heads][T][T]: the share of its attention that the third index's position gives to the fourth's; the shares of
     *     a position sum to 1
     */
    public static float[][][][] of(Inspectable model, int[] ids) {
        var recorder = new Recorder();
        try (NDManager scope = Devices.newManager(model.device());
                Autograd.Scope noGrad = Autograd.noGrad()) {
            model.logits(scope, ids, recorder);
        }
        return recorder.maps.toArray(float[][][][]::new);
    }

    private static final class Recorder implements Operations {
        private final List<float[][][]> maps = new ArrayList<>();

        @Override
        public NDArray attention(int layer, Attention in) {
            NDArray weights_BHTS = AttentionWeights.of(in);
            int H = (int) weights_BHTS.getShape().get(1);
            int T = (int) weights_BHTS.getShape().get(2);
            int S = (int) weights_BHTS.getShape().get(3);
            float[] flat = weights_BHTS.toType(DataType.FLOAT32, false).toFloatArray();
            var map = new float[H][T][S];
            for (int h = 0; h < H; h++) {
                for (int t = 0; t < T; t++) {
                    System.arraycopy(flat, (h * T + t) * S, map[h][t], 0, S);
                }
            }
            maps.add(map);
            return Operations.super.attention(layer, in);
        }
    }
}
