package dev.athanor.libtorch;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.Float32MatmulPrecision;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Linear layers in float32 on a CPU. libtorch gives such products to OpenBLAS, whose threads cannot be used beside libtorch's own:
 * they fight, and wait for each other without sleeping. oneDNN computes them, and their gradients, on libtorch's threads, at the price
 * of a copy in and out. With one thread, for few elements, for every other type and for coarser products ({@link Float32Precision},
 * which libtorch gives to oneDNN itself) {@code torch.linear} is taken, which is the twin.
 */
final class Float32Linear {
    /** Multiplications from which on the copies are paid for. */
    private static final long WORTHWHILE = 1L << 22;

    /** Widths must be multiples of it: oneDNN's layer is wrong where its blocks are only partly filled (seen with 48, 65, 1000). */
    private static final long BLOCK = 64;

    private Float32Linear() {}

    static Tensor plain(Tensor x, Tensor weight, @Nullable Tensor bias) {
        return torch.linear(x, weight, bias == null ? Absent.TENSOR : new TensorOptional(bias));
    }

    /** {@code x Wᵀ + b}; call inside a pointer scope. */
    static Tensor apply(Tensor x, Tensor weight, @Nullable Tensor bias) {
        if (!suits(x, weight)
                || x.size(-1) != weight.size(1)
                || bias != null && (!isPlain(bias) || bias.dim() != 1 || bias.size(0) != weight.size(0))) {
            return plain(x, weight, bias);
        }
        long rows = x.numel() / weight.size(1);
        Tensor y = torch.mkldnn_linear(
                        x.reshape(rows, weight.size(1)).to_mkldnn(),
                        weight,
                        bias == null ? Absent.TENSOR : new TensorOptional(bias))
                .to_dense();
        if (x.dim() == 2) {
            return y;
        }
        long[] shape = LtTypes.shape(x).getShape();
        shape[shape.length - 1] = weight.size(0);
        return y.view(shape);
    }

    /** The gradient of {@code x}, [rows, in], from that of the result, [rows, out]; no differentiation of its own. */
    static Tensor inputGradient(Tensor gradient, Tensor weight) {
        if (!suits(gradient, weight)) {
            return gradient.mm(weight);
        }
        return torch.mkldnn_linear_backward_input(
                        new long[] {gradient.size(0), weight.size(1)}, gradient.to_mkldnn(), weight)
                .to_dense();
    }

    /** The gradient of {@code weight}, [out, in], from that of the result, [rows, out], and {@code x}, [rows, in]. */
    static Tensor weightGradient(Tensor gradient, Tensor x, Tensor weight) {
        if (!suits(x, weight) || !isPlain(gradient)) {
            return gradient.t().mm(x);
        }
        return torch.mkldnn_linear_backward_weights(gradient.to_mkldnn(), x.to_mkldnn(), weight, false)
                .get0();
    }

    /** Whether oneDNN computes the product. */
    static boolean suits(Tensor x, Tensor weight) {
        return isPlain(x)
                && isPlain(weight)
                && weight.dim() == 2
                && x.dim() > 1
                && x.numel() * weight.numel() / Math.max(1, x.size(-1)) >= WORTHWHILE
                && torch.get_num_threads() > 1
                && weight.size(0) % BLOCK == 0
                && weight.size(1) % BLOCK == 0
                && torch.globalContext().float32MatmulPrecision().value == Float32MatmulPrecision.HIGHEST.value
                && Checked.AGREES;
    }

    private static boolean isPlain(Tensor tensor) {
        return tensor.is_cpu() && tensor.scalar_type().value == ScalarType.Float.value && !tensor.is_sparse();
    }

    /** Once a process: whether oneDNN's layer and the twin agree on this processor. */
    private static final class Checked {
        static final boolean AGREES = torch.hasMKLDNN() && agrees();

        private Checked() {}

        private static boolean agrees() {
            Boolean mode = GradState.choose(false);
            try (PointerScope scope = new PointerScope()) {
                GradState.sync();
                for (long[] widths : new long[][] {{64, 192}, {128, 64}, {192, 320}, {384, 1152}}) {
                    if (!agrees(100, widths[0], widths[1])) {
                        return false;
                    }
                }
                return true;
            } catch (RuntimeException e) {
                return false;
            } finally {
                GradState.restore(mode);
            }
        }

        private static boolean agrees(long rows, long in, long out) {
            Tensor x = pattern(rows, in);
            Tensor weight = pattern(out, in);
            Tensor gradient = pattern(rows, out);
            Tensor y = torch.mkldnn_linear(x.to_mkldnn(), weight).to_dense();
            Tensor dx = torch.mkldnn_linear_backward_input(new long[] {rows, in}, gradient.to_mkldnn(), weight)
                    .to_dense();
            Tensor dw = torch.mkldnn_linear_backward_weights(gradient.to_mkldnn(), x.to_mkldnn(), weight, false)
                    .get0();
            return y.allclose(torch.linear(x, weight), 1e-4, 1e-3, false)
                    && dx.allclose(gradient.mm(weight), 1e-4, 1e-3, false)
                    && dw.allclose(gradient.t().mm(x), 1e-4, 1e-3, false);
        }

        /** Between -1 and 1, without touching the random generator. */
        private static Tensor pattern(long rows, long columns) {
            return torch.arange(new Scalar(rows * columns), new TensorOptions(ScalarType.Float))
                    .mul(new Scalar(0.37))
                    .sin()
                    .view(rows, columns);
        }
    }
}
