package dev.athanor.lm.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.athanor.libtorch.Bfloat16;
import dev.athanor.libtorch.host.Workers;
import dev.athanor.lm.model.ModelConfig.FeedForward;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kernels against loops over single numbers. */
class KernelsTest {

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "4, 64, 1", "9, 100, 3", "13, 31, 4", "8, 96, 5", "22, 257, 9"})
    void productsAreThoseOfPlainLoops(int rows, int columns, int batch) {
        for (boolean half : new boolean[] {false, true}) {
            Matrix w = matrix(rows, columns, half);
            float[] x = random(batch * columns);
            var factors = x.clone();
            for (int b = 0; half && b < batch; b++) {
                Kernels.arrange(x, b * columns, columns, factors, b * columns);
            }
            var y = new float[batch * (rows + 3)];
            Kernels.product(w, 1, rows, factors, batch, y, rows + 3);
            for (int b = 0; b < batch; b++) {
                assertThat(y[b * (rows + 3)]).as("a row that was not asked for").isZero();
                for (int r = 1; r < rows; r++) {
                    double expected = 0;
                    for (int c = 0; c < columns; c++) {
                        expected += (double) w.get(r, c) * x[b * columns + c];
                    }
                    assertThat((double) y[b * (rows + 3) + r]).isCloseTo(expected, within(1e-4));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "7, 8", "5, 64", "9, 100", "33, 48"})
    void weightedSumsAreThoseOfPlainLoops(int count, int n) {
        for (boolean half : new boolean[] {false, true}) {
            Matrix w = matrix(count, n, half);
            float[] p = random(count + 1);
            var out = new float[n + 2];
            Kernels.weightedSum(w.memory(), half, 0, n, p, 1, count, out, 2);
            for (int d = 0; d < n; d++) {
                double expected = 0;
                for (int s = 0; s < count; s++) {
                    expected += (double) p[1 + s] * w.get(s, d);
                }
                assertThat((double) out[2 + d]).isCloseTo(expected, within(1e-4));
            }
        }
    }

    @Test
    void activationsAreThoseOfTheirFormulas() {
        float[] x = random(45);
        x[3] = -90;
        x[4] = 90;
        float[] up = random(45);
        for (FeedForward kind : FeedForward.values()) {
            float[] y = x.clone();
            Functions.activate(kind, y, 1, 43, up, 2);
            for (int i = 1; i < 44; i++) {
                double v = x[i];
                double expected = switch (kind) {
                    case RELU -> Math.max(0, v);
                    case GELU, GEGLU -> v * normal(v);
                    case GELU_TANH -> 0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v)));
                    case SWIGLU -> v / (1 + Math.exp(-v));
                };
                assertThat((double) y[i])
                        .as(kind + " of " + v)
                        .isCloseTo(kind.gated() ? expected * up[i + 1] : expected, within(1e-5));
            }
            assertThat(y[0]).isEqualTo(x[0]);
            assertThat(y[44]).isEqualTo(x[44]);
        }
    }

    /** The normal distribution function, by summing its density. */
    private static double normal(double x) {
        int steps = 20_000;
        double from = -12;
        double to = Math.clamp(x, -12, 12);
        double sum = 0;
        for (int i = 0; i < steps; i++) {
            double z = from + (to - from) * (i + 0.5) / steps;
            sum += Math.exp(-z * z / 2);
        }
        return sum * (to - from) / steps / Math.sqrt(2 * Math.PI);
    }

    @Test
    void everyPartIsDoneOnceByAnyNumberOfThreads() {
        for (int threads : new int[] {1, 2, 5}) {
            var workers = new Workers(threads, 20_000);
            for (int round = 0; round < 300; round++) {
                var done = new AtomicIntegerArray(17);
                workers.run(17, done::incrementAndGet);
                for (int i = 0; i < 17; i++) {
                    assertThat(done.get(i)).isEqualTo(1);
                }
            }
            var inner = new AtomicIntegerArray(12);
            workers.run(3, i -> workers.run(4, j -> inner.incrementAndGet(i * 4 + j)));
            for (int i = 0; i < 12; i++) {
                assertThat(inner.get(i)).isEqualTo(1);
            }
            assertThatThrownBy(() -> workers.run(9, i -> {
                        if (i == 7) {
                            throw new IllegalArgumentException("the seventh");
                        }
                    }))
                    .hasStackTraceContaining("the seventh");
        }
    }

    private static float[] random(int count) {
        var random = new Random(count);
        var values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static Matrix matrix(int rows, int columns, boolean half) {
        float[] values = random(rows * columns);
        MemorySegment memory = Arena.ofAuto().allocate((half ? 2L : 4L) * values.length, 8);
        for (int i = 0; i < values.length; i++) {
            if (half) {
                memory.setAtIndex(ValueLayout.JAVA_SHORT, i, Bfloat16.of(values[i]));
            } else {
                memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, values[i]);
            }
        }
        return new Matrix(memory, half, rows, columns);
    }
}
