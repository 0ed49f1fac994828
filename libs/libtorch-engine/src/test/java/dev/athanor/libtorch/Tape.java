package dev.athanor.libtorch;

import java.util.Arrays;

/**
 * Reverse-mode differentiation over single doubles, as slow and plain as it can be: the reference for whole training runs. A value
 * is the number of a node; each node has at most two parents.
 */
final class Tape {
    private double[] value = new double[1 << 16];
    private int[] left = new int[1 << 16];
    private int[] right = new int[1 << 16];
    private double[] leftSlope = new double[1 << 16];
    private double[] rightSlope = new double[1 << 16];
    private int size;

    int leaf(double v) {
        return node(v, 0, 0, 0, 0);
    }

    int[] leaves(double[] values) {
        return Arrays.stream(values).mapToInt(this::leaf).toArray();
    }

    private int node(double v, int a, double da, int b, double db) {
        if (size == value.length) {
            int n = size * 2;
            value = Arrays.copyOf(value, n);
            left = Arrays.copyOf(left, n);
            right = Arrays.copyOf(right, n);
            leftSlope = Arrays.copyOf(leftSlope, n);
            rightSlope = Arrays.copyOf(rightSlope, n);
        }
        value[size] = v;
        left[size] = a;
        leftSlope[size] = da;
        right[size] = b;
        rightSlope[size] = db;
        return size++;
    }

    double value(int x) {
        return value[x];
    }

    int add(int a, int b) {
        return node(value[a] + value[b], a, 1, b, 1);
    }

    int sub(int a, int b) {
        return node(value[a] - value[b], a, 1, b, -1);
    }

    int mul(int a, int b) {
        return node(value[a] * value[b], a, value[b], b, value[a]);
    }

    int scale(int a, double s) {
        return node(value[a] * s, a, s, 0, 0);
    }

    int exp(int a) {
        double e = Math.exp(value[a]);
        return node(e, a, e, 0, 0);
    }

    int log(int a) {
        return node(Math.log(value[a]), a, 1 / value[a], 0, 0);
    }

    int pow(int a, double p) {
        return node(Math.pow(value[a], p), a, p * Math.pow(value[a], p - 1), 0, 0);
    }

    int relu(int a) {
        return node(Math.max(value[a], 0), a, value[a] > 0 ? 1 : 0, 0, 0);
    }

    int sum(int... terms) {
        int total = terms[0];
        for (int i = 1; i < terms.length; i++) {
            total = add(total, terms[i]);
        }
        return total;
    }

    /** Rows of x [n][in] by a weight [out][in] stored flat, plus a bias. */
    int[][] linear(int[][] x, int[] weight, int[] bias) {
        int[][] y = new int[x.length][bias.length];
        for (int n = 0; n < x.length; n++) {
            for (int o = 0; o < bias.length; o++) {
                int total = bias[o];
                for (int i = 0; i < x[n].length; i++) {
                    total = add(total, mul(x[n][i], weight[o * x[n].length + i]));
                }
                y[n][o] = total;
            }
        }
        return y;
    }

    int[] softmax(int[] scores) {
        double top = Arrays.stream(scores).mapToDouble(s -> value[s]).max().orElse(0);
        int shift = leaf(top);
        int[] e = Arrays.stream(scores).map(s -> exp(sub(s, shift))).toArray();
        int inverse = pow(sum(e), -1);
        return Arrays.stream(e).map(v -> mul(v, inverse)).toArray();
    }

    int crossEntropy(int[] logits, int target) {
        return scale(log(softmax(logits)[target]), -1);
    }

    /** Each column of x [n][c] to mean 0 and variance 1, then scaled and shifted. */
    int[][] batchNorm(int[][] x, int[] gamma, int[] beta, double epsilon) {
        int n = x.length;
        int[][] y = new int[n][x[0].length];
        for (int c = 0; c < x[0].length; c++) {
            int[] column = new int[n];
            for (int i = 0; i < n; i++) {
                column[i] = x[i][c];
            }
            int mean = scale(sum(column), 1.0 / n);
            int[] centered = Arrays.stream(column).map(v -> sub(v, mean)).toArray();
            int variance = scale(sum(Arrays.stream(centered).map(v -> mul(v, v)).toArray()), 1.0 / n);
            int inverse = pow(add(variance, leaf(epsilon)), -0.5);
            for (int i = 0; i < n; i++) {
                y[i][c] = add(mul(mul(centered[i], inverse), gamma[c]), beta[c]);
            }
        }
        return y;
    }

    double[] gradients(int target) {
        double[] g = new double[size];
        g[target] = 1;
        for (int i = target; i >= 0; i--) {
            if (g[i] != 0) {
                g[left[i]] += g[i] * leftSlope[i];
                g[right[i]] += g[i] * rightSlope[i];
            }
        }
        return g;
    }
}
