package dev.athanor.benchmarks.engine;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The FLOP/s that matrix products reach on the machine: the one mark that training steps are measured against.
 *
 * <p>A sample is the best of {@value #IN_A_ROW} products in a row, so that caches are warm and threads awake: a ceiling must not be
 * low because of what went before. Samples are taken between the steps, so that both see the same clock and the same neighbours, and
 * their median counts, so that no lucky one sets the mark; of several shapes the fastest. In float32 on a CPU each shape is computed
 * twice, as a product (OpenBLAS, on one thread) and as a linear layer (oneDNN, on all): the steps use both.
 */
final class MatmulCeiling implements AutoCloseable {
    private static final int IN_A_ROW = 3;

    private final List<Product> products = new ArrayList<>();

    /** Left [m, k] times right [k, n], and the rates seen. */
    private static final class Product {
        final Tensor left;
        final Tensor right;
        final boolean layer;
        final String name;
        final List<Double> rates = new ArrayList<>();

        /** @param layer whether it is computed as oneDNN's linear layer, copies in and out included, with [n, k] weights */
        Product(long m, long k, long n, boolean layer, TensorOptions options) {
            this.layer = layer;
            name = "[" + m + ", " + k + "] x [" + k + ", " + n + "]" + (layer ? " as a layer" : "");
            left = torch.full(new long[] {m, k}, new Scalar(0.5), options).retainReference();
            right = torch.full(layer ? new long[] {n, k} : new long[] {k, n}, new Scalar(0.5), options)
                    .retainReference();
        }

        double median() {
            return EngineBench.median(
                    rates.stream().mapToDouble(Double::doubleValue).toArray());
        }

        void run() {
            double seconds = Double.MAX_VALUE;
            for (int i = 0; i < IN_A_ROW; i++) {
                try (PointerScope scope = new PointerScope()) {
                    long start = System.nanoTime();
                    // Reading an element waits for the device.
                    product().select(0, 0).select(0, 0).to(ScalarType.Float).item_float();
                    seconds = Math.min(seconds, (System.nanoTime() - start) / 1e9);
                }
            }
            rates.add(2.0 * left.numel() * right.numel() / left.size(1) / seconds);
        }

        private Tensor product() {
            return layer ? torch.mkldnn_linear(left.to_mkldnn(), right).to_dense() : left.matmul(right);
        }
    }

    MatmulCeiling(ScalarType type, Device device) {
        try (PointerScope scope = new PointerScope()) {
            TensorOptions options = new TensorOptions(type);
            if (device.isGpu()) {
                options = options.device(
                        new DeviceOptional(new org.bytedeco.pytorch.Device(torch.DeviceType.CUDA, (byte) 0)));
            }
            int n = device.isGpu() ? 8192 : 2048;
            boolean layers = type == ScalarType.Float && !device.isGpu() && torch.hasMKLDNN();
            for (boolean layer : layers ? new boolean[] {false, true} : new boolean[] {false}) {
                products.add(new Product(n, n, n, layer, options));
                products.add(new Product(n, n / 2, n, layer, options));
                products.add(new Product(2L * n, n / 2, n / 2, layer, options));
            }
        }
        sample();
        products.forEach(product -> product.rates.clear()); // the first run packs weights and fills caches
    }

    /** Of each shape, the best of a few in a row. */
    void sample() {
        boolean recording = GradMode.is_enabled();
        GradMode.set_enabled(false);
        try {
            products.forEach(Product::run);
        } finally {
            GradMode.set_enabled(recording);
        }
    }

    private Product fastest() {
        Product fastest = products.get(0);
        for (Product product : products) {
            if (product.median() > fastest.median()) {
                fastest = product;
            }
        }
        return fastest;
    }

    /** The shape that counts, and of how many samples. */
    String what() {
        Product fastest = fastest();
        return fastest.name + ", median of " + fastest.rates.size();
    }

    /** Its median rate. */
    double flops() {
        return fastest().median();
    }

    @Override
    public void close() {
        for (Product product : products) {
            product.left.releaseReference();
            product.right.releaseReference();
        }
    }
}
