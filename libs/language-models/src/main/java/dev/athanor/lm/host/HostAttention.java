package dev.athanor.lm.host;

import dev.athanor.libtorch.Bfloat16;
import dev.athanor.lm.model.AttentionMask;
import dev.athanor.lm.model.KeyValueCache;
import dev.athanor.lm.model.LayerAttention;
import dev.athanor.lm.model.LayerAttention.Kind;
import dev.athanor.lm.model.LayerAttention.Positions;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.RelativeDistances;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** Attention of one new position of a sequence to those in its cache, for one layer. */
final class HostAttention {

    private final ModelConfig config;
    private final LayerAttention attention;
    private final AttentionMask mask;
    private final int D;
    private final float scale;
    private final double[] frequencies;
    private final @Nullable Matrix relative;

    /** @param relative the trained biases of {@link Positions#RELATIVE}, [buckets, H], or null */
    HostAttention(ModelConfig config, LayerAttention attention, @Nullable Matrix relative) {
        this.config = config;
        this.attention = attention;
        this.relative = relative;
        mask = new AttentionMask(config, attention);
        D = config.headWidth();
        scale = (float) (1 / Math.sqrt(D));
        frequencies = attention.positions() == Positions.ROTARY
                ? config.rotaryScaling().inverseFrequencies(D, config.rotaryTheta())
                : new double[0];
    }

    /** Turns {@code heads} heads one after the other by the angles of a position, in place. */
    void rotate(float[] x, int at, int heads, int position) {
        int half = frequencies.length;
        for (int i = 0; i < half; i++) {
            double angle = position * frequencies[i];
            float cos = (float) Math.cos(angle);
            float sin = (float) Math.sin(angle);
            for (int h = 0; h < heads; h++) {
                int low = at + h * D + i;
                float a = x[low];
                float b = x[low + half];
                x[low] = a * cos - b * sin;
                x[low + half] = b * cos + a * sin;
            }
        }
    }

    /**
     * Puts the key and value heads of a new position into the cache.
     *
     * @param kv keys from {@code at} on, then values
     */
    void store(KeyValueCache.Memory cache, boolean half, int place, int position, float[] kv, int at) {
        int K = config.keyValueHeads();
        for (int k = 0; k < K; k++) {
            long to = (((long) place * K + k) * cache.room() + position) * D;
            write(cache.keys(), half, to, kv, at + k * D);
            write(cache.values(), half, to, kv, at + (K + k) * D);
        }
    }

    private void write(MemorySegment memory, boolean half, long to, float[] values, int at) {
        for (int d = 0; d < D; d++) {
            if (half) {
                memory.setAtIndex(ValueLayout.JAVA_SHORT, to + d, Bfloat16.of(values[at + d]));
            } else {
                memory.setAtIndex(ValueLayout.JAVA_FLOAT, to + d, values[at + d]);
            }
        }
    }

    /**
     * The result of a query head.
     *
     * @param q the head's D values from {@code qAt} on
     * @param out gets D values from {@code outAt} on
     */
    void head(
            KeyValueCache.Memory cache,
            boolean half,
            int place,
            int position,
            int head,
            float[] q,
            int qAt,
            float[] out,
            int outAt) {
        int k = head / (config.heads() / config.keyValueHeads());
        int first = attention.kind() == Kind.SLIDING_WINDOW ? Math.max(0, position - attention.window() + 1) : 0;
        int count = position + 1 - first;
        long size = half ? 2 : 4;
        long base = (((long) place * config.keyValueHeads() + k) * cache.room() + first) * D * size;
        var query = new float[D];
        if (half) {
            Kernels.arrange(q, qAt, D, query, 0);
        } else {
            System.arraycopy(q, qAt, query, 0, D);
        }
        var scores = new float[count];
        for (int s = 0; s < count; s++) {
            scores[s] = scale * Kernels.dot(cache.keys(), half, base + s * size * D, D, query, 0);
        }
        bias(scores, head, position, first);
        Functions.softmax(scores, 0, count);
        Kernels.weightedSum(cache.values(), half, base, D, scores, 0, count, out, outAt);
    }

    private void bias(float[] scores, int head, int position, int first) {
        if (attention.kind() == Kind.LONGFORMER || attention.kind() == Kind.BIGBIRD) {
            for (int s = 0; s < scores.length; s++) {
                if (!mask.sees(position, first + s)) {
                    scores[s] = Float.NEGATIVE_INFINITY;
                }
            }
        }
        if (attention.positions() == Positions.ALIBI) {
            float slope = (float) mask.slope(head);
            for (int s = 0; s < scores.length; s++) {
                scores[s] -= slope * (position - first - s);
            }
        } else if (relative != null) {
            for (int s = 0; s < scores.length; s++) {
                scores[s] += relative.get(RelativeDistances.bucket(config, first + s - position), head);
            }
        }
    }
}
