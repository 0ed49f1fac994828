package dev.athanor.libtorch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.function.Function;

/** Comparison with plain Java, and of gradients with central differences in float64. */
final class Checks {
    private Checks() {}

    static double tolerance(DataType type) {
        return switch (type) {
            case FLOAT64 -> 1e-10;
            case FLOAT32 -> 2e-5;
            case FLOAT16 -> 4e-3;
            case BFLOAT16 -> 3e-2;
            default -> 0;
        };
    }

    static void same(String what, NDArray actual, Ref expected, double tolerance) {
        assertThat(actual.getShape().getShape()).as("shape of %s", what).containsExactly(expected.shape);
        double[] values = Ref.of(actual).data;
        for (int i = 0; i < values.length; i++) {
            double wanted = expected.data[i];
            if (Double.isNaN(wanted) || Double.isInfinite(wanted)) {
                assertThat(values[i]).as("%s at %d", what, i).isEqualTo(wanted);
            } else {
                double bound = tolerance * Math.max(1, Math.abs(wanted));
                assertThat(Math.abs(values[i] - wanted))
                        .as("%s at %d: %s, expected %s", what, i, values[i], wanted)
                        .isLessThanOrEqualTo(bound);
            }
        }
    }

    static void same(String what, NDArray actual, Ref expected) {
        same(what, actual, expected, tolerance(actual.getDataType()));
    }

    /** The gradient of a weighted sum of {@code f}'s elements, against (f(x+h) - f(x-h)) / 2h in every input element. */
    static void gradient(String what, Function<NDArray[], NDArray> f, Ref... inputs) {
        try (NDManager manager = NDManager.newBaseManager("LibTorch")) {
            NDArray[] arrays = new NDArray[inputs.length];
            for (int i = 0; i < inputs.length; i++) {
                arrays[i] = inputs[i].on(manager);
                arrays[i].setRequiresGradient(true);
            }
            double[] weights;
            try (Autograd.Scope recording = Autograd.record()) {
                NDArray y = f.apply(arrays);
                weights = Ref.random(99, 0.5, 1.5, y.size()).data;
                NDArray w = manager.create(weights, y.getShape());
                Autograd.backward(y.mul(w).sum());
            }
            for (int i = 0; i < inputs.length; i++) {
                double[] analytic = arrays[i].getGradient().toDoubleArray();
                for (int j = 0; j < analytic.length; j++) {
                    double numeric = difference(manager, f, inputs, i, j, weights);
                    assertThat(Math.abs(analytic[j] - numeric))
                            .as("gradient of %s in input %d at %d: %s, expected %s", what, i, j, analytic[j], numeric)
                            .isLessThanOrEqualTo(2e-6 * Math.max(1, Math.abs(numeric)));
                }
            }
        }
    }

    private static double difference(
            NDManager manager, Function<NDArray[], NDArray> f, Ref[] inputs, int which, int at, double[] weights) {
        double h = 1e-5;
        double[] sides = new double[2];
        for (int side = 0; side < 2; side++) {
            try (NDManager scratch = manager.newSubManager()) {
                NDArray[] moved = new NDArray[inputs.length];
                for (int i = 0; i < inputs.length; i++) {
                    double[] data = inputs[i].data.clone();
                    if (i == which) {
                        data[at] += side == 0 ? h : -h;
                    }
                    moved[i] = new Ref(inputs[i].shape, data).on(scratch);
                }
                double[] y = f.apply(moved).toDoubleArray();
                sides[side] = dot(y, weights);
            }
        }
        return (sides[0] - sides[1]) / (2 * h);
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    static long[] without(long[] shape, int axis) {
        long[] rest = Arrays.copyOf(shape, shape.length - 1);
        System.arraycopy(shape, axis + 1, rest, axis, shape.length - 1 - axis);
        return rest;
    }
}
