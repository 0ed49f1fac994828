package dev.athanor.lm.host;

import dev.athanor.libtorch.host.Lanes;
import dev.athanor.libtorch.host.Workers;
import org.jspecify.annotations.Nullable;

/** A linear layer. */
record HostLinear(Matrix weight, float @Nullable [] bias) {

    /** Such as can be {@linkplain Kernels#arrange arranged} by itself. */
    private static final int BLOCK = 2 * Lanes.L;
    /** Long parts are read faster; several let a thread that was put aside be waited for less. */
    private static final int PARTS_A_THREAD = 2;

    /** Rows of a weight that make a part of the work, in whole blocks. */
    static int chunk(Workers workers, int rows) {
        int even = Math.ceilDiv(rows, workers.threads() * PARTS_A_THREAD);
        return Math.max(1, Math.ceilDiv(even, BLOCK)) * BLOCK;
    }

    /** The values as the products of this layer take them. */
    void arrange(float[] from, int at, int n, float[] to, int toAt) {
        if (weight.half()) {
            Kernels.arrange(from, at, n, to, toAt);
        } else {
            System.arraycopy(from, at, to, toAt, n);
        }
    }

    /**
     * Some outputs of the layer.
     *
     * @param x [batch, in], arranged
     * @param y [batch, out]
     */
    void rows(int from, int to, float[] x, int batch, float[] y) {
        int pitch = weight.rows();
        Kernels.product(weight, from, to, x, batch, y, pitch);
        if (bias != null) {
            for (int b = 0; b < batch; b++) {
                for (int r = from; r < to; r++) {
                    y[b * pitch + r] += bias[r];
                }
            }
        }
    }

    void apply(Workers workers, float[] x, int batch, float[] y) {
        int rows = weight.rows();
        int chunk = chunk(workers, rows);
        workers.run((rows + chunk - 1) / chunk, i -> rows(i * chunk, Math.min(rows, (i + 1) * chunk), x, batch, y));
    }
}
