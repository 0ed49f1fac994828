package dev.athanor.lm.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.athanor.libtorch.Transfer;
import dev.athanor.lm.Devices;
import dev.athanor.lm.model.AttentionMask;
import dev.athanor.lm.model.Experts;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.ParameterSpec;

/** Arithmetic that training needs, and that the device can do. */
public final class Flops {

    private static final int SIZE = 1024;

    private Flops() {}

    /**
     * FLOPs of a forward and backward pass for a token: 6 per weight that a token meets in a matrix product, and 12·C·T a layer for
     * the attention scores and sums (Chowdhery et al. 2022, appendix B; the causal half is counted too). Of a sparse pattern the positions
     * that it shows count in place of T, whatever is computed.
     *
     * @param length T, tokens a sequence
     */
    public static double perTrainedToken(ModelConfig config, int length) {
        long seen = 0;
        for (int i = 0; i < config.layers(); i++) {
            seen += new AttentionMask(config, config.attention(i)).seen(length);
        }
        return 6.0 * multipliedWeights(config) + 12.0 * config.width() * seen;
    }

    /** Weights that a token meets in a matrix product: shared layers count each time, of the experts only those it is sent to. */
    static long multipliedWeights(ModelConfig config) {
        long perLayer = 0;
        long others = 0;
        for (ParameterSpec spec : ParameterSpec.of(config)) {
            String name = spec.name();
            if (spec.shape().size() != 2) {
                continue;
            }
            if (name.contains(".experts.")) {
                Experts experts = java.util.Objects.requireNonNull(config.experts());
                perLayer += spec.elements() * experts.perToken() / experts.count();
            } else if (name.startsWith("layers.") && !name.endsWith("relative.weight")) {
                perLayer += spec.elements();
            } else if (name.equals("output.weight") || name.equals("masked.dense.weight")) {
                others += spec.elements();
            } else if (name.equals("tokens.weight") && config.tiedEmbeddings()) {
                others += spec.elements();
            }
        }
        return perLayer * config.layers() / config.distinctLayers() + others;
    }

    /** FLOP/s of square matrix products, the best of a few: what model FLOPs utilization is measured against. */
    public static double matmulCeiling(Device device, DataType type) {
        try (NDManager manager = Devices.newManager(device)) {
            NDArray a = manager.ones(new Shape(SIZE, SIZE)).toType(type, true);
            double best = Double.MAX_VALUE;
            for (int i = 0; i < 8; i++) {
                long start = System.nanoTime();
                a.matMul(a).close();
                Transfer.synchronize(device);
                best = Math.min(best, (System.nanoTime() - start) * 1e-9);
            }
            return 2.0 * SIZE * SIZE * SIZE / best;
        }
    }
}
