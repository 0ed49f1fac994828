package dev.athanor.lm.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.jspecify.annotations.Nullable;

/** Which keys of its block a position sees, and ALiBi's penalties, as numbers that are added to scores. Shapes as in {@link WindowBlocks}. */
record WindowMask(Pass pass, LayerAttention attention, WindowBlocks blocks) {

    /** Two hidden ones add up to infinity in float16, and a row of those would be no numbers. */
    private static final float LOWEST_FLOAT16 = -6e4f;

    /** [N, 1 or H, P, W]; belongs to the pass. */
    NDArray values() {
        try (NDManager scope = pass.manager.newSubManager()) {
            NDArray values = values(scope);
            values.attach(pass.manager);
            return values;
        }
    }

    private NDArray values(NDManager scope) {
        NDArray edges_1n11W = edges(scope);
        long rows = edges_1n11W.getShape().get(0);
        NDArray bias = window_1hPW(scope).expandDims(0).add(edges_1n11W);
        if (rows < pass.rows && pass.rows > 1) {
            Shape shape = bias.getShape();
            bias = bias.broadcast(pass.rows, shape.get(1), shape.get(2), shape.get(3), shape.get(4));
        }
        Shape shape = bias.getShape();
        NDArray all = bias.reshape(shape.get(0) * shape.get(1), shape.get(2), shape.get(3), shape.get(4));
        int[] documents_BT = pass.documents_BT;
        if (documents_BT != null) {
            all = all.add(apart(scope, documents_BT));
        }
        return pass.type == DataType.FLOAT16 ? all.maximum(LOWEST_FLOAT16) : all;
    }

    /** What is alike in all blocks; global positions are seen. */
    private NDArray window_1hPW(NDManager scope) {
        var near =
                new AttentionMask(pass.config, LayerAttention.slidingWindow(attention.window(), attention.positions()));
        int W = blocks.keys();
        int P = blocks.size();
        float[] values_hPV = near.values(blocks.before() * P, P, blocks.near());
        var values = new float[near.heads() * P * W];
        for (int i = 0; i < near.heads() * P; i++) {
            System.arraycopy(values_hPV, i * blocks.near(), values, i * W, blocks.near());
        }
        return scope.create(values, new Shape(1, near.heads(), P, W)).toType(pass.type, false);
    }

    /** Hides what lies before the start, after the end or in the padding, and near keys that are there as global ones already: [1 or B, n, 1, 1, W]. */
    private NDArray edges(NDManager scope) {
        int @Nullable [] lengths = pass.lengths;
        int rows = lengths == null ? 1 : lengths.length;
        int n = blocks.count();
        int W = blocks.keys();
        var values = new float[rows * n * W];
        for (int b = 0; b < rows; b++) {
            int length = lengths == null ? blocks.length() : lengths[b];
            for (int i = 0; i < n; i++) {
                for (int w = 0; w < W; w++) {
                    boolean near = w < blocks.near();
                    int position = near ? blocks.position(i, w) : w - blocks.near();
                    boolean there = position >= (near ? blocks.globals() : 0) && position < length;
                    values[(b * n + i) * W + w] = there ? 0 : AttentionMask.HIDDEN;
                }
            }
        }
        return scope.create(values, new Shape(rows, n, 1, 1, W)).toType(pass.type, false);
    }

    /** Hides positions of other documents: [N, 1, P, W]. */
    private NDArray apart(NDManager scope, int[] documents_BT) {
        int n = blocks.count();
        int P = blocks.size();
        int W = blocks.keys();
        int T = blocks.length();
        var queries_NP = new int[pass.rows * n * P];
        var keys_NW = new int[pass.rows * n * W];
        for (int b = 0; b < pass.rows; b++) {
            for (int i = 0; i < n; i++) {
                for (int p = 0; p < P; p++) {
                    queries_NP[(b * n + i) * P + p] = documents_BT[b * T + Math.min(i * P + p, T - 1)];
                }
                for (int w = 0; w < W; w++) {
                    int position = w < blocks.near() ? blocks.position(i, w) : w - blocks.near();
                    keys_NW[(b * n + i) * W + w] = documents_BT[b * T + Math.clamp(position, 0, T - 1)];
                }
            }
        }
        NDArray queries_N1P1 = scope.create(queries_NP, new Shape((long) pass.rows * n, 1, P, 1));
        NDArray keys_N11W = scope.create(keys_NW, new Shape((long) pass.rows * n, 1, 1, W));
        return queries_N1P1.neq(keys_N11W).toType(pass.type, false).mul(AttentionMask.HIDDEN);
    }
}
