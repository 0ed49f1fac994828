package dev.athanor.lm.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.athanor.libtorch.LtFunctions;

/** Biases on attention scores that are trained for distances between positions. */
public final class RelativeDistances {

    private RelativeDistances() {}

    /**
     * T5's: distances fall into buckets, exact up to a point and logarithmic from there to the span, each with a bias a head.
     *
     * @param weight [buckets, H]
     * @param start place of the first query among the keys
     * @param T queries
     * @param S keys
     * @return [1, H, T, S]
     */
    static NDArray bucketBias(Pass pass, NDArray weight, int start, int T, int S) {
        var buckets_TS = new long[T * S];
        for (int t = 0; t < T; t++) {
            for (int s = 0; s < S; s++) {
                buckets_TS[t * S + s] = bucket(pass.config, s - (start + t));
            }
        }
        NDArray bias_TSH = LtFunctions.embedding(pass.manager.create(buckets_TS, new Shape(T, S)), weight);
        return bias_TSH.transpose(2, 0, 1).expandDims(0);
    }

    /**
     * T5's bucket of a distance.
     *
     * @param distance key less query
     */
    public static int bucket(ModelConfig config, int distance) {
        int buckets = ParameterSpec.RELATIVE_BUCKETS;
        int bucket = 0;
        int away;
        if (config.stack() == ModelConfig.Stack.ENCODER) {
            buckets /= 2;
            bucket = distance > 0 ? buckets : 0;
            away = Math.abs(distance);
        } else {
            away = Math.max(0, -distance);
        }
        int exact = buckets / 2;
        if (away < exact) {
            return bucket + away;
        }
        double share =
                Math.log((double) away / exact) / Math.log(Math.max(2.0, (double) config.relativeSpan() / exact));
        return bucket + Math.min(buckets - 1, exact + (int) (share * (buckets - exact)));
    }

    /**
     * DeBERTa's two terms, scaled: each query meets the key projection of its distance to a key, each key the query projection of its
     * distance to a query.
     *
     * @param q_BHTD queries of the content
     * @param k_BHSD keys of the content
     * @param qkv the layer's projection, shared with the distances
     * @param distances_RC trained embeddings of the distances -span … span-1
     * @return [B, H, T, S]
     */
    static NDArray disentangledBias(
            Pass pass, NDArray q_BHTD, NDArray k_BHSD, Weights.Linear qkv, NDArray distances_RC, double scale) {
        int C = pass.config.width();
        int H = pass.config.heads();
        NDArray projected_1RE = projected(pass, qkv, distances_RC).expandDims(0);
        NDArray q_1HRD = LtFunctions.splitHeads(LtFunctions.narrow(projected_1RE, 2, 0, C), H);
        NDArray k_1HRD = LtFunctions.splitHeads(LtFunctions.narrow(projected_1RE, 2, C, C), H);
        NDArray contentToPosition_BHTR = q_BHTD.matMul(k_1HRD.transpose(0, 1, 3, 2));
        NDArray positionToContent_BHSR = k_BHSD.matMul(q_1HRD.transpose(0, 1, 3, 2));
        NDArray toKeys_BHTS = contentToPosition_BHTR.gather(distances(pass, false), 3);
        NDArray toQueries_BHTS =
                positionToContent_BHSR.gather(distances(pass, true), 3).transpose(0, 1, 3, 2);
        return toKeys_BHTS.add(toQueries_BHTS).mul(scale);
    }

    /** Rows of the table for each pair: [B, H, T, S] for query less key, or [B, H, S, T] for key less query. */
    private static NDArray distances(Pass pass, boolean byKey) {
        int span = pass.config.relativeSpan();
        int T = pass.length;
        int S = pass.keys();
        var rows = new long[T * S];
        for (int t = 0; t < T; t++) {
            for (int s = 0; s < S; s++) {
                int distance = pass.start + t - s;
                long row = Math.clamp((byKey ? -distance : distance) + (long) span, 0, 2 * span - 1);
                rows[byKey ? s * T + t : t * S + s] = row;
            }
        }
        Shape shape = byKey ? new Shape(1, 1, S, T) : new Shape(1, 1, T, S);
        NDArray index = pass.manager.create(rows, shape);
        return index.broadcast(pass.rows, pass.config.heads(), shape.get(2), shape.get(3));
    }

    /** The result is let go of with the pass, not with the weights. */
    private static NDArray projected(Pass pass, Weights.Linear qkv, NDArray distances_RC) {
        NDArray projected_RE = LtFunctions.linear(distances_RC, qkv.weight(), qkv.bias());
        projected_RE.attach(pass.manager);
        return projected_RE;
    }
}
