package dev.athanor.libtorch;

import ai.djl.ndarray.NDManager;
import dev.athanor.libtorch.host.RowKernels;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * RMSNorm on a CPU, where libtorch has no kernel for it and its formula takes a dozen passes in float32. Large arrays go through a
 * kernel in Java, in one pass each way. For the others the kernels of its relatives do most of the work: batch normalization with given
 * statistics, rows taken for channels, and the backward pass of layer normalization with a mean of zero. {@link #plain} is the twin.
 */
final class RmsNorm {
    private RmsNorm() {}

    static Tensor plain(Tensor x, Tensor weight, double epsilon) {
        return torch.rms_norm(x, new long[] {x.size(-1)}, new TensorOptional(weight), new DoubleOptional(epsilon));
    }

    /** Call inside a pointer scope. */
    static Tensor apply(Tensor x, Tensor weight, double epsilon, NDManager manager) {
        boolean differentiated = GradState.enabled() && x.requires_grad();
        if (HostRows.suits(x, x.size(-1)) && suits(x, weight)) {
            return byKernel(x, weight, epsilon, manager, differentiated);
        }
        Tensor values = x.detach().contiguous();
        ScalarType wide = wide(values);
        Tensor meanSquare = torch.norm(values, new ScalarOptional(new Scalar(2.0)), new long[] {-1}, true, wide)
                .square_()
                .mul_(new Scalar(1.0 / x.size(-1)));
        Tensor normalized = scaled(values, meanSquare, epsilon);
        if (!differentiated) {
            return normalized.mul(weight);
        }
        Tensor joined = x.view_as(x);
        joined.set_data(normalized);
        Tensor inverse = meanSquare.add_(new Scalar(epsilon)).rsqrt_();
        GradientHook.inPlace(joined, manager, gradient -> back(gradient, values, inverse), values, inverse);
        return joined.mul(weight);
    }

    /** The kernel gives a weight its gradient directly, so it must be nothing computed, and the backward pass must come by. */
    private static boolean suits(Tensor x, Tensor weight) {
        boolean trained = GradState.enabled() && weight.requires_grad();
        return weight.numel() == x.size(-1)
                && weight.is_contiguous()
                && weight.scalar_type().value == x.scalar_type().value
                && (!trained || weight.is_leaf() && x.requires_grad());
    }

    private static Tensor byKernel(Tensor x, Tensor weight, double epsilon, NDManager manager, boolean differentiated) {
        Tensor values = x.detach().contiguous();
        Tensor scale = weight.detach();
        Tensor result = torch.empty_like(values);
        int rows = HostRows.count(values);
        int width = Math.toIntExact(x.size(-1));
        var inverse = new float[rows];
        RowKernels.rmsNorm(
                HostRows.workers(),
                rows,
                width,
                HostRows.of(values),
                HostRows.of(scale),
                epsilon,
                HostRows.of(result),
                inverse);
        if (!differentiated) {
            return result;
        }
        Tensor joined = x.view_as(x);
        joined.set_data(result);
        GradientHook.instead(
                joined,
                manager,
                gradient -> {
                    Tensor above = gradient.contiguous();
                    Tensor back = torch.empty_like(values);
                    float[] ofWeight = RowKernels.rmsNormBackward(
                            HostRows.workers(),
                            rows,
                            width,
                            HostRows.of(values),
                            HostRows.of(scale),
                            inverse,
                            HostRows.of(above),
                            HostRows.of(back));
                    if (weight.requires_grad()) {
                        Autograd.backward(
                                weight, Tensor.create(ofWeight).to(weight.scalar_type()), Autograd.retainsGraph());
                    }
                    return back;
                },
                values,
                scale,
                weight);
        return joined;
    }

    private static Tensor scaled(Tensor x, Tensor meanSquare, double epsilon) {
        long width = x.size(-1);
        Tensor variance = meanSquare.view(-1);
        return torch.native_batch_norm(
                        x.view(1, x.numel() / width, width),
                        Absent.TENSOR,
                        Absent.TENSOR,
                        new TensorOptional(torch.zeros_like(variance)),
                        new TensorOptional(variance),
                        false,
                        0,
                        epsilon)
                .get0()
                .view_as(x);
    }

    /** r·(g - x̂·mean(g·x̂)); layer normalization's, for a mean of zero, lacks r·mean(g). */
    private static void back(Tensor gradient, Tensor x, Tensor inverse) {
        long width = x.size(-1);
        Tensor ones = torch.ones(new long[] {width}, new TensorOptions(wide(x)));
        BoolPointer inputOnly = new BoolPointer(3);
        inputOnly.put(0, true).put(1, false).put(2, false);
        Tensor dense = gradient.contiguous();
        Tensor mean = dense.sum(new long[] {-1}, true, Absent.TYPE)
                .to(wide(x))
                .mul_(inverse)
                .mul_(new Scalar(1.0 / width))
                .to(x.scalar_type());
        Tensor back = torch.native_layer_norm_backward(
                        dense,
                        x,
                        new long[] {width},
                        torch.zeros_like(inverse),
                        inverse,
                        new TensorOptional(ones),
                        new TensorOptional(ones),
                        inputOnly)
                .get0();
        torch.add_out(gradient, back, mean);
    }

    private static ScalarType wide(Tensor like) {
        return like.element_size() == 2 ? ScalarType.Float : like.scalar_type();
    }
}
