package dev.athanor.libtorch;

import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Scaled dot-product attention by the fastest way for where it runs. libtorch's fused kernel is that on CUDA, in float32 and for
 * inference; but its backward pass in bfloat16 on a CPU is scalar code, three times slower as a whole step than three matrix
 * products, so training in 16 bits on a CPU takes those.
 */
final class Attention {
    private static final ConcurrentHashMap<MaskKey, Tensor> CAUSAL_BIAS = new ConcurrentHashMap<>();

    private Attention() {}

    private record MaskKey(long queries, long keys, int type) {}

    static Tensor apply(
            Tensor q,
            Tensor k,
            Tensor v,
            @Nullable Tensor mask,
            boolean causal,
            double dropout,
            @Nullable Double scale) {
        if (q.dim() != 4 || k.dim() != 4 || v.dim() != 4 || k.size(1) == 0 || q.size(1) % k.size(1) != 0) {
            throw new IllegalArgumentException(
                    "attention: expected q [B, H, T, D] and k, v [B, Hk, S, D] with Hk dividing H, got q "
                            + LtTypes.shape(q) + ", k " + LtTypes.shape(k) + ", v " + LtTypes.shape(v));
        }
        double factor = scale == null ? 1 / Math.sqrt(q.size(-1)) : scale;
        boolean halfPrecision = q.element_size() == 2;
        if (q.is_cpu() && halfPrecision && (GradState.enabled() || dropout > 0)) {
            return products(q, k, v, mask, causal, dropout, factor);
        }
        Tensor bias = mask;
        boolean flag = causal;
        if (causal && (mask != null || q.size(2) != k.size(2))) {
            Tensor triangle = causalBias(q, q.size(2), k.size(2));
            bias = mask == null ? triangle : additive(mask, q).add(triangle);
            flag = false;
        }
        boolean grouped = q.size(1) != k.size(1);
        return torch.scaled_dot_product_attention(
                q,
                k,
                v,
                bias == null ? Absent.TENSOR : new TensorOptional(bias),
                dropout,
                flag,
                new DoubleOptional(factor),
                grouped);
    }

    private static Tensor products(
            Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, boolean causal, double dropout, double scale) {
        long batch = q.size(0);
        long heads = q.size(1);
        long queries = q.size(2);
        long keys = k.size(2);
        Tensor keyRows = expandGroups(k, heads).reshape(batch * heads, keys, k.size(3));
        Tensor valueRows = expandGroups(v, heads).reshape(batch * heads, keys, v.size(3));
        Tensor queryRows = q.reshape(batch * heads, queries, q.size(3));
        Tensor bias = causal ? causalBias(q, queries, keys) : torch.zeros(new long[] {1}, q.options());
        if (mask != null) {
            bias = additive(mask, q)
                    .add(bias)
                    .expand(batch, heads, queries, keys)
                    .reshape(batch * heads, queries, keys);
        }
        Tensor scores = torch.baddbmm(bias, queryRows, keyRows.transpose(1, 2), new Scalar(1.0), new Scalar(scale));
        Tensor weights = torch.softmax(scores, -1);
        if (dropout > 0) {
            weights = torch.dropout(weights, dropout, true);
        }
        return weights.bmm(valueRows).view(batch, heads, queries, v.size(3));
    }

    private static Tensor expandGroups(Tensor kv, long heads) {
        return kv.size(1) == heads ? kv : kv.repeat_interleave(heads / kv.size(1), new LongOptional(1), Absent.LONG);
    }

    /** A boolean mask as zeros and a number so low that its exponential is zero, but that is finite in every type. */
    private static Tensor additive(Tensor mask, Tensor like) {
        if (mask.scalar_type().value != ScalarType.Bool.value) {
            return mask.to(like.scalar_type());
        }
        return torch.zeros(new long[0], like.options())
                .expand(LtTypes.shape(mask).getShape())
                .masked_fill(mask.logical_not(), new Scalar(lowest(like)));
    }

    private static double lowest(Tensor like) {
        return like.scalar_type().value == ScalarType.Half.value ? -6e4 : -1e30;
    }

    /** [queries, keys]: the last query sees all keys, as when earlier keys come from a cache. Kept, for it serves every layer. */
    private static Tensor causalBias(Tensor like, long queries, long keys) {
        if (!like.is_cpu() || queries * keys > 1 << 22) {
            return makeCausalBias(like, queries, keys);
        }
        return CAUSAL_BIAS.computeIfAbsent(new MaskKey(queries, keys, like.scalar_type().value), key -> {
            if (CAUSAL_BIAS.size() > 32) {
                CAUSAL_BIAS.clear();
            }
            return makeCausalBias(like, queries, keys).retainReference();
        });
    }

    private static Tensor makeCausalBias(Tensor like, long queries, long keys) {
        Tensor visible = torch.ones(new long[] {queries, keys}, like.options()).tril(keys - queries);
        return torch.zeros(new long[] {queries, keys}, like.options())
                .masked_fill(visible.eq(new Scalar(0)), new Scalar(lowest(like)))
                .detach();
    }
}
