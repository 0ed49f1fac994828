package dev.athanor.libtorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;

/** A row-major array of doubles in plain Java: what the engine's results are compared with. */
final class Ref {
    final long[] shape;
    final double[] data;

    Ref(long[] shape, double[] data) {
        this.shape = shape;
        this.data = data;
    }

    static int size(long... shape) {
        return (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }

    static Ref of(NDArray array) {
        Number[] values = array.toArray();
        double[] data = new double[values.length];
        for (int i = 0; i < data.length; i++) {
            data[i] = values[i].doubleValue();
        }
        return new Ref(array.getShape().getShape(), data);
    }

    static Ref random(long seed, double low, double high, long... shape) {
        Random random = new Random(seed);
        return build(shape, at -> low + (high - low) * random.nextDouble());
    }

    static Ref build(long[] shape, Function<long[], Double> value) {
        double[] data = new double[size(shape)];
        for (int i = 0; i < data.length; i++) {
            data[i] = value.apply(unravel(i, shape));
        }
        return new Ref(shape.clone(), data);
    }

    static long[] unravel(int flat, long[] shape) {
        long[] at = new long[shape.length];
        int rest = flat;
        for (int d = shape.length - 1; d >= 0; d--) {
            at[d] = rest % shape[d];
            rest /= (int) shape[d];
        }
        return at;
    }

    int ravel(long... at) {
        int flat = 0;
        for (int d = 0; d < shape.length; d++) {
            flat = flat * (int) shape[d] + (int) at[d];
        }
        return flat;
    }

    double at(long... index) {
        return data[ravel(index)];
    }

    Ref map(DoubleUnaryOperator f) {
        return new Ref(shape, Arrays.stream(data).map(f).toArray());
    }

    /** Elementwise with numpy's broadcasting. */
    static Ref zip(Ref a, Ref b, DoubleBinaryOperator f) {
        int rank = Math.max(a.shape.length, b.shape.length);
        long[] shape = new long[rank];
        for (int d = 0; d < rank; d++) {
            long x = dim(a, d, rank);
            long y = dim(b, d, rank);
            shape[d] = x == 1 ? y : x;
        }
        return build(shape, at -> f.applyAsDouble(a.at(project(a, at)), b.at(project(b, at))));
    }

    private static long dim(Ref r, int d, int rank) {
        int own = d - (rank - r.shape.length);
        return own < 0 ? 1 : r.shape[own];
    }

    private static long[] project(Ref r, long[] at) {
        long[] own = new long[r.shape.length];
        for (int d = 0; d < own.length; d++) {
            own[d] = r.shape[d] == 1 ? 0 : at[d + at.length - own.length];
        }
        return own;
    }

    /** Folds the values along {@code axis} (kept with size 1) with {@code f} over the lane. */
    Ref lanes(int axis, Function<double[], double[]> f) {
        int n = (int) shape[axis];
        long[] outer = shape.clone();
        outer[axis] = 1;
        int count = size(outer);
        double[][] results = new double[count][];
        for (int i = 0; i < count; i++) {
            long[] at = unravel(i, outer);
            double[] lane = new double[n];
            for (int j = 0; j < n; j++) {
                at[axis] = j;
                lane[j] = at(at);
            }
            results[i] = f.apply(lane);
        }
        long[] result = shape.clone();
        result[axis] = count == 0 ? n : results[0].length;
        return build(result, at -> {
            long[] o = at.clone();
            o[axis] = 0;
            int lane = 0;
            for (int d = 0; d < o.length; d++) {
                lane = lane * (int) outer[d] + (int) o[d];
            }
            return results[lane][(int) at[axis]];
        });
    }

    Ref reshape(long... to) {
        return new Ref(to, data);
    }

    Ref permute(int... axes) {
        long[] to = new long[axes.length];
        for (int d = 0; d < axes.length; d++) {
            to[d] = shape[axes[d]];
        }
        return build(to, at -> {
            long[] from = new long[axes.length];
            for (int d = 0; d < axes.length; d++) {
                from[axes[d]] = at[d];
            }
            return at(from);
        });
    }

    static Ref matmul(Ref a, Ref b) {
        return build(new long[] {a.shape[0], b.shape[1]}, at -> {
            double sum = 0;
            for (int k = 0; k < a.shape[1]; k++) {
                sum += a.at(at[0], k) * b.at(k, at[1]);
            }
            return sum;
        });
    }

    NDArray on(NDManager manager, DataType type) {
        NDArray doubles = manager.create(data, new Shape(shape));
        return doubles.toType(type, false);
    }

    NDArray on(NDManager manager) {
        return on(manager, DataType.FLOAT64);
    }

    /** The same values laid out so that the strides are not those of a fresh array. */
    NDArray strided(NDManager manager, DataType type) {
        if (shape.length < 2) {
            NDArray twice = Ref.build(new long[] {size(shape), 2}, at -> data[(int) at[0]])
                    .on(manager, type);
            return twice.get(":, 1").reshape(new Shape(shape));
        }
        int[] reversed = new int[shape.length];
        for (int d = 0; d < reversed.length; d++) {
            reversed[d] = reversed.length - 1 - d;
        }
        return permute(reversed).on(manager, type).transpose(reversed);
    }
}
