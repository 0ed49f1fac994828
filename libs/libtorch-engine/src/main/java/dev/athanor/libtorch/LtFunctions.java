package dev.athanor.libtorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.athanor.libtorch.host.RowKernels;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Neural-network functions on arrays that DJL's interface has not, or has only in parts. Results belong to the manager of the
 * first argument; all are differentiable. Shapes: B batch, T time, C width, H heads, D head width, V vocabulary.
 */
public final class LtFunctions {
    private LtFunctions() {}

    /**
     * {@code x Wᵀ + b}.
     *
     * @param x [..., in]
     * @param weight [out, in]
     * @param bias [out], or null
     * @return [..., out]
     */
    public static NDArray linear(NDArray x, NDArray weight, @Nullable NDArray bias) {
        return call(
                "linear",
                x,
                () -> Float32Linear.apply(tensor(x), tensor(weight), bias == null ? null : tensor(bias)),
                x,
                weight,
                bias);
    }

    /**
     * Rows of {@code weight} [V, C] picked by {@code indices} (int32 or int64, any shape).
     *
     * @throws ai.djl.engine.EngineException on a CPU, if an index is not in [0, V)
     * @return [..., C]
     */
    public static NDArray embedding(NDArray indices, NDArray weight) {
        return call("embedding", indices, () -> torch.embedding(tensor(weight), tensor(indices)), indices, weight);
    }

    /**
     * Layer normalization over the last dimension (Ba et al. 2016).
     *
     * @param x [..., C]
     * @param weight [C], or null for ones
     * @param bias [C], or null for zeros
     * @param epsilon added to the variance
     * @return [..., C]
     */
    public static NDArray layerNorm(NDArray x, @Nullable NDArray weight, @Nullable NDArray bias, double epsilon) {
        return call(
                "layerNorm",
                x,
                () -> torch.layer_norm(tensor(x), lastSize(x), optional(weight), optional(bias), epsilon, true),
                x,
                weight,
                bias);
    }

    /**
     * {@code x / sqrt(mean(x²) + epsilon) * weight} over the last dimension (Zhang and Sennrich 2019).
     *
     * @param x [..., C]
     * @param weight [C], or null for ones
     * @return [..., C]
     */
    public static NDArray rmsNorm(NDArray x, @Nullable NDArray weight, double epsilon) {
        return call(
                "rmsNorm",
                x,
                () -> weight != null && tensor(x).is_cpu()
                        ? RmsNorm.apply(tensor(x), tensor(weight), epsilon, x.getManager())
                        : torch.rms_norm(tensor(x), lastSize(x), optional(weight), new DoubleOptional(epsilon)),
                x,
                weight);
    }

    private static long[] lastSize(NDArray x) {
        return new long[] {x.getShape().get(x.getShape().dimension() - 1)};
    }

    /**
     * Rotary position embedding with rotated halves (Su et al. 2021, in the layout of GPT-NeoX and Llama):
     * {@code x * cos + rotateHalf(x) * sin}.
     *
     * @param x [..., T, D]
     * @param cos [T, D], see {@link #rotaryTable}
     * @param sin [T, D] with the sign of the rotation in its first half, see {@link #rotaryTable}
     */
    public static NDArray rotary(NDArray x, NDArray cos, NDArray sin) {
        return call(
                "rotary",
                x,
                () -> {
                    Tensor t = tensor(x);
                    long half = t.size(-1) / 2;
                    return torch.addcmul(t.mul(tensor(cos)), t.roll(new long[] {half}, new long[] {-1}), tensor(sin));
                },
                x,
                cos,
                sin);
    }

    /**
     * {@link #rotary} of the first columns of {@code x}, in place, and its split into views of the given sizes. Several heads stand
     * side by side in a row, and in the tables. What {@code x} was computed from must not need its values to be differentiated, which
     * holds for {@link #linear}.
     *
     * @param x [B, T, E]
     * @param cos [T, N·D] with N·D at most E
     * @param sin [T, N·D], signed as in {@link #rotaryTable}
     * @param headWidth D
     * @param sizes widths of the views, E in all
     * @return [B, T, size] each, sharing memory with {@code x}
     */
    public static NDArray[] splitRotated(NDArray x, NDArray cos, NDArray sin, int headWidth, long... sizes) {
        return ((LtNDArray) x)
                .list(
                        "splitRotated",
                        () -> {
                            Tensor t = tensor(x);
                            Tensor c = tensor(cos).detach();
                            Tensor s = tensor(sin).detach();
                            rotate(t.detach(), c, s, headWidth, 1);
                            if (!GradState.enabled() || !t.requires_grad()) {
                                return t.split_with_sizes(sizes, -1);
                            }
                            // Its gradient is the joined one of the parts, which nobody else holds.
                            Tensor joined = t.view_as(t);
                            GradientHook.inPlace(joined, x.getManager(), g -> rotate(g, c, s, headWidth, -1), c, s);
                            return joined.split_with_sizes(sizes, -1);
                        },
                        x,
                        cos,
                        sin)
                .toArray(new NDArray[0]);
    }

    /** The rotation's inverse, which is its gradient, turns the other way. */
    private static void rotate(Tensor x_BTE, Tensor cos, Tensor sin, long headWidth, int way) {
        long columns = cos.size(1);
        if (HostRows.suits(x_BTE, headWidth / 2)
                && x_BTE.is_contiguous()
                && cos.is_contiguous()
                && sin.is_contiguous()
                && cos.scalar_type().value == x_BTE.scalar_type().value) {
            RowKernels.rotate(
                    HostRows.workers(),
                    HostRows.count(x_BTE),
                    Math.toIntExact(columns / headWidth),
                    Math.toIntExact(headWidth),
                    HostRows.of(x_BTE),
                    HostRows.of(cos),
                    HostRows.of(sin),
                    Math.toIntExact(x_BTE.size(1)),
                    way);
            return;
        }
        Tensor turned = x_BTE.narrow(-1, 0, columns);
        Tensor halves = turned.view(x_BTE.size(0), x_BTE.size(1), columns / headWidth, headWidth)
                .roll(new long[] {headWidth / 2}, new long[] {-1})
                .view(x_BTE.size(0), x_BTE.size(1), columns);
        turned.mul_(cos).addcmul_(halves, sin, new Scalar(way));
    }

    /**
     * Tables for {@link #rotary}: cosines and signed sines of {@code position * theta^(-2i/D)}, both [length, headWidth].
     *
     * @param like gives manager, device and data type
     * @param start the first position
     * @param headWidth D, even
     * @param theta base of the wave lengths: 10,000 in the paper
     */
    public static NDArray[] rotaryTable(NDArray like, int start, int length, int headWidth, double theta) {
        double[] inverse = new double[headWidth / 2];
        for (int i = 0; i < inverse.length; i++) {
            inverse[i] = Math.pow(theta, -2.0 * i / headWidth);
        }
        return rotaryTable(like, start, length, inverse);
    }

    /** As above from explicit inverse frequencies (scaled variants), of half the head width. */
    public static NDArray[] rotaryTable(NDArray like, int start, int length, double[] inverseFrequencies) {
        int half = inverseFrequencies.length;
        float[] cos = new float[length * 2 * half];
        float[] sin = new float[cos.length];
        for (int t = 0; t < length; t++) {
            for (int i = 0; i < half; i++) {
                double angle = (start + t) * inverseFrequencies[i];
                int at = t * 2 * half + i;
                cos[at] = cos[at + half] = (float) Math.cos(angle);
                sin[at] = (float) -Math.sin(angle);
                sin[at + half] = (float) Math.sin(angle);
            }
        }
        var manager = like.getManager();
        var shape = new ai.djl.ndarray.types.Shape(length, 2L * half);
        return new NDArray[] {
            onto(manager.create(cos, shape), like), onto(manager.create(sin, shape), like),
        };
    }

    private static NDArray onto(NDArray array, NDArray like) {
        NDArray placed = array.toDevice(like.getDevice(), false).toType(like.getDataType(), false);
        if (placed != array) {
            array.close();
        }
        return placed;
    }

    /**
     * {@code silu(gate) * up} (Shazeer 2020).
     *
     * @param gateUp [..., 2F]: gate, then up
     * @return [..., F]
     */
    public static NDArray swiGlu(NDArray gateUp) {
        return call("swiGlu", gateUp, () -> GatedUnit.SILU.apply(tensor(gateUp), gateUp.getManager()), gateUp);
    }

    /** {@code gelu(gate) * up}, laid out as in {@link #swiGlu}. */
    public static NDArray geGlu(NDArray gateUp, boolean tanhApproximation) {
        GatedUnit unit = tanhApproximation ? GatedUnit.GELU_TANH : GatedUnit.GELU;
        return call("geGlu", gateUp, () -> unit.apply(tensor(gateUp), gateUp.getManager()), gateUp);
    }

    /** Gaussian error linear unit (Hendrycks and Gimpel 2016) of each element: exact, or by the tanh approximation that GPT-2 uses. */
    public static NDArray gelu(NDArray x, boolean tanhApproximation) {
        return call("gelu", x, () -> torch.gelu(tensor(x), tanhApproximation ? "tanh" : "none"), x);
    }

    /** {@code x * sigmoid(x)} of each element. */
    public static NDArray silu(NDArray x) {
        return call("silu", x, () -> torch.silu(tensor(x)), x);
    }

    /** Softmax along {@code axis}, computed and returned in {@code as} (null: the type of {@code x}). */
    public static NDArray softmax(NDArray x, int axis, @Nullable DataType as) {
        return call("softmax", x, () -> torch.softmax(tensor(x), axis, type(as)), x, axis);
    }

    /** Logarithm of the softmax along {@code axis}, computed and returned in {@code as} (null: the type of {@code x}). */
    public static NDArray logSoftmax(NDArray x, int axis, @Nullable DataType as) {
        return call("logSoftmax", x, () -> torch.log_softmax(tensor(x), axis, type(as)), x, axis);
    }

    /** Zeroes each element with probability {@code rate}, in [0, 1], and scales the rest by {@code 1/(1-rate)}; {@code x} itself at rate 0. */
    public static NDArray dropout(NDArray x, double rate) {
        return rate == 0 ? x : call("dropout", x, () -> torch.dropout(tensor(x), rate, true), x, rate);
    }

    /**
     * Attention {@code softmax(q kᵀ scale + mask) v} (Vaswani et al. 2017; grouped queries: Ainslie et al. 2023).
     *
     * @param q [B, H, T, D]
     * @param k [B, Hk, S, D] where Hk divides H (grouped-query attention if smaller)
     * @param v [B, Hk, S, D]
     * @param mask null, boolean (true: may attend) or floating (added to the scores), broadcastable to [B, H, T, S]
     * @param causal position t attends to positions up to t only
     * @param dropoutRate of the attention weights; 0 for none
     * @param scale of the scores; null for {@code 1/sqrt(D)}
     * @return [B, H, T, D]
     */
    public static NDArray scaledDotProductAttention(
            NDArray q,
            NDArray k,
            NDArray v,
            @Nullable NDArray mask,
            boolean causal,
            double dropoutRate,
            @Nullable Double scale) {
        return call(
                "scaledDotProductAttention",
                q,
                () -> Attention.apply(
                        tensor(q),
                        tensor(k),
                        tensor(v),
                        mask == null ? null : tensor(mask),
                        causal,
                        dropoutRate,
                        scale),
                q,
                k,
                v,
                mask);
    }

    /** Splits the last dimension, a multiple of {@code parts}, into equal views; their gradients are joined in one pass. */
    public static NDArray[] chunk(NDArray x, int parts) {
        long width = x.getShape().get(x.getShape().dimension() - 1);
        if (parts <= 0 || width % parts != 0) {
            throw new IllegalArgumentException(
                    "the last dimension of " + x.getShape() + " does not divide by " + parts);
        }
        return ((LtNDArray) x)
                .list("chunk", () -> tensor(x).split(width / parts, -1), x, parts)
                .toArray(new NDArray[0]);
    }

    /** Splits the last dimension into views of the given sizes, which make it up; their gradients are joined in one pass. */
    public static NDArray[] split(NDArray x, long... sizes) {
        return ((LtNDArray) x)
                .list("split", () -> tensor(x).split_with_sizes(sizes, -1), x, sizes)
                .toArray(new NDArray[0]);
    }

    /** A view of {@code length} entries from {@code start} along {@code axis}. */
    public static NDArray narrow(NDArray x, int axis, long start, long length) {
        return call("narrow", x, () -> tensor(x).narrow(axis, start, length), x, axis, start, length);
    }

    /** [B, T, H*D] seen as [B, H, T, D], without a copy. {@code heads} is H and divides the last dimension. */
    public static NDArray splitHeads(NDArray x, int heads) {
        return call(
                "splitHeads",
                x,
                () -> {
                    Tensor t = tensor(x);
                    return t.view(t.size(0), t.size(1), heads, t.size(2) / heads)
                            .transpose(1, 2);
                },
                x,
                heads);
    }

    /** [B, H, T, D] as [B, T, H*D]. */
    public static NDArray mergeHeads(NDArray x) {
        return call(
                "mergeHeads",
                x,
                () -> {
                    Tensor t = tensor(x);
                    return t.transpose(1, 2).reshape(t.size(0), t.size(2), t.size(1) * t.size(3));
                },
                x);
    }

    private static ScalarTypeOptional type(@Nullable DataType as) {
        return as == null ? Absent.TYPE : new ScalarTypeOptional(LtTypes.scalarType(as));
    }

    private static Tensor tensor(NDArray array) {
        return LtNDArray.tensor(array);
    }

    static TensorOptional optional(@Nullable NDArray array) {
        return array == null ? Absent.TENSOR : new TensorOptional(tensor(array));
    }

    private static NDArray call(
            String operation, NDArray owner, java.util.function.Supplier<Tensor> body, @Nullable Object... operands) {
        return NativeCall.array((LtNDManager) owner.getManager(), operation, body, operands);
    }
}
