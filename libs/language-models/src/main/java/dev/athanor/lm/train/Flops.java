package dev.athanor.lm.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.athanor.libtorch.Transfer;
import dev.athanor.lm.Devices;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.ParameterSpec;

/** Arithmetic that training needs, and that the device can do. */
public final class Flops {

    private static final int SIZE = 1024;

    private Flops() {}

    /**
     * FLOPs of a forward and backward pass for a token: 6 per weight that takes part in a matrix product, and 12·layers·C·T for
     * the attention scores and sums (Chowdhery et al. 2022, appendix B; the causal half is counted too).
     *
     * @param length T, tokens a sequence
     */
    public static double perTrainedToken(ModelConfig config, int length) {
        long multiplied = ParameterSpec.of(config).stream()
                .filter(spec -> spec.shape().size() == 2)
                .filter(spec -> !spec.name().equals("positions.weight"))
                .filter(spec -> config.tiedEmbeddings() || !spec.name().equals("tokens.weight"))
                .mapToLong(ParameterSpec::elements)
                .sum();
        return 6.0 * multiplied + 12.0 * config.layers() * config.width() * length;
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
