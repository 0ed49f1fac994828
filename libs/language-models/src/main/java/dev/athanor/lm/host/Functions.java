package dev.athanor.lm.host;

import dev.athanor.libtorch.host.Lanes;
import dev.athanor.lm.model.ModelConfig.FeedForward;
import dev.athanor.lm.model.ModelConfig.Norm;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/** What a transformer computes beside products, a row at a time, in float32. */
final class Functions {

    private static final VectorSpecies<Float> F = Lanes.F;
    private static final int L = Lanes.L;

    private Functions() {}

    /** Layer or RMS normalization of {@code n} values. */
    static void norm(
            Norm kind,
            float[] x,
            int at,
            int n,
            float[] weight,
            float @Nullable [] bias,
            double epsilon,
            float[] out,
            int outAt) {
        float mean = kind == Norm.LAYER_NORM ? sum(x, at, n, 0, false) / n : 0;
        double variance = (double) sum(x, at, n, mean, true) / n;
        float scale = (float) (1 / Math.sqrt(variance + epsilon));
        for (int i = 0; i < n; i++) {
            float y = (x[at + i] - mean) * scale * weight[i];
            out[outAt + i] = bias == null ? y : y + bias[i];
        }
    }

    private static float sum(float[] x, int at, int n, float less, boolean squared) {
        FloatVector sum = FloatVector.zero(F);
        int i = 0;
        for (; i + L <= n; i += L) {
            FloatVector v = FloatVector.fromArray(F, x, at + i).sub(less);
            sum = squared ? v.fma(v, sum) : sum.add(v);
        }
        float total = Lanes.sum(sum);
        for (; i < n; i++) {
            float v = x[at + i] - less;
            total += squared ? v * v : v;
        }
        return total;
    }

    /** Exponentials of {@code n} scores as shares of their sum, in place; a score of negative infinity has no share. */
    static void softmax(float[] x, int at, int n) {
        float most = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            most = Math.max(most, x[at + i]);
        }
        FloatVector sum = FloatVector.zero(F);
        for (int i = 0; i < n; i += L) {
            VectorMask<Float> inside = F.indexInRange(i, n);
            FloatVector e =
                    Lanes.exp(FloatVector.fromArray(F, x, at + i, inside).sub(most));
            e.intoArray(x, at + i, inside);
            sum = sum.add(e, inside);
        }
        float scale = 1 / Lanes.sum(sum);
        for (int i = 0; i < n; i++) {
            x[at + i] *= scale;
        }
    }

    /**
     * The activation of {@code n} values, in place; for the gated kinds times {@code up}.
     *
     * @param up read from {@code upAt} on, by the gated kinds
     */
    static void activate(FeedForward kind, float[] x, int at, int n, float[] up, int upAt) {
        for (int i = 0; i < n; i += L) {
            VectorMask<Float> inside = F.indexInRange(i, n);
            FloatVector v = FloatVector.fromArray(F, x, at + i, inside);
            FloatVector y = switch (kind) {
                case RELU -> v.max(0);
                case GELU, GEGLU -> gelu(v);
                case GELU_TANH -> geluTanh(v);
                case SWIGLU -> v.div(Lanes.exp(v.neg()).add(1));
            };
            if (kind.gated()) {
                y = y.mul(FloatVector.fromArray(F, up, upAt + i, inside));
            }
            y.intoArray(x, at + i, inside);
        }
    }

    /** tanh z = 1 - 2 / (1 + exp 2z). */
    private static FloatVector geluTanh(FloatVector x) {
        FloatVector z = x.mul(x).mul(0.044715f).add(1).mul(x).mul(0.7978845608f);
        FloatVector e = Lanes.exp(z.add(z));
        FloatVector tanh = FloatVector.broadcast(F, 2).div(e.add(1)).neg().add(1);
        return x.mul(0.5f).mul(tanh.add(1));
    }

    /** By an approximation of the error function that is off by 1.5e-7 at most (Abramowitz and Stegun, 7.1.26). */
    private static FloatVector gelu(FloatVector x) {
        FloatVector z = x.mul(0.70710678f).abs();
        FloatVector t = FloatVector.broadcast(F, 1).div(z.mul(0.3275911f).add(1));
        FloatVector p = t.mul(1.061405429f)
                .sub(1.453152027f)
                .mul(t)
                .add(1.421413741f)
                .mul(t)
                .sub(0.284496736f)
                .mul(t)
                .add(0.254829592f)
                .mul(t);
        FloatVector erf = p.mul(Lanes.exp(z.mul(z).neg())).neg().add(1);
        FloatVector signed = erf.blend(erf.neg(), x.compare(VectorOperators.LT, 0));
        return x.mul(0.5f).mul(signed.add(1));
    }
}
