package dev.athanor.libtorch;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Pooling over one to three spatial dimensions of [N, C, ...]. */
final class Pooling {
    private Pooling() {}

    /** All spatial dimensions as one: [N, C, S]. */
    static Tensor spatial(Tensor x) {
        if (x.dim() < 3 || x.dim() > 5) {
            throw new IllegalArgumentException("pooling needs 3 to 5 dimensions [N, C, ...], got " + LtTypes.shape(x));
        }
        return x.flatten(2, -1);
    }

    static Tensor max(Tensor x, Shape kernel, Shape stride, Shape padding, boolean ceil) {
        long[] k = kernel.getShape();
        long[] s = stride.getShape();
        long[] p = padding.getShape();
        long[] ones = new long[k.length];
        Arrays.fill(ones, 1);
        return switch (k.length) {
            case 1 -> torch.max_pool1d(x, k, s, p, ones, ceil);
            case 2 -> torch.max_pool2d(x, k, s, p, ones, ceil);
            case 3 -> torch.max_pool3d(x, k, s, p, ones, ceil);
            default -> throw rank(kernel);
        };
    }

    static Tensor average(Tensor x, Shape kernel, Shape stride, Shape padding, boolean ceil, boolean countPad) {
        long[] k = kernel.getShape();
        long[] s = stride.getShape();
        long[] p = padding.getShape();
        return switch (k.length) {
            case 1 -> torch.avg_pool1d(x, k, s, p, ceil, countPad);
            case 2 -> torch.avg_pool2d(x, k, s, p, ceil, countPad, Absent.LONG);
            case 3 -> torch.avg_pool3d(x, k, s, p, ceil, countPad, Absent.LONG);
            default -> throw rank(kernel);
        };
    }

    /** {@code (sum of |x|^p over the window)^(1/p)}: an average of powers, times the window's size. */
    static Tensor lp(Tensor x, float norm, Shape kernel, Shape stride, Shape padding, boolean ceil) {
        Tensor sums = average(x.abs().pow(new Scalar(norm)), kernel, stride, padding, ceil, true)
                .mul(new Scalar((double) kernel.size()));
        return sums.pow(new Scalar(1.0 / norm));
    }

    private static IllegalArgumentException rank(Shape kernel) {
        return new IllegalArgumentException("pooling kernel " + kernel + ", expected 1 to 3 dimensions");
    }
}
