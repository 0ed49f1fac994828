package dev.athanor.libtorch.host;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Parts of a transformer beside its products, forward and backward in one pass over memory each, on rows in float32 or bfloat16.
 * Arithmetic is in float32, and each result is rounded once. Rows are shared out in parts of a fixed size, so equal inputs give equal
 * bits for any number of threads.
 *
 * <p>Two bfloat16 lie in 32 bits: the even elements are had by a shift, the odd ones by a mask. Rows in scratch are therefore <em>
 * arranged</em>: of each two vectors of bfloat16, the even elements first.
 */
public final class RowKernels {

    private static final VectorSpecies<Float> F = Lanes.F;
    private static final VectorSpecies<Integer> I = Lanes.I;
    private static final int L = Lanes.L;
    private static final int ODD = 0xFFFF0000;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    /** Rows of a part. */
    private static final int PART = 64;

    private RowKernels() {}

    /**
     * A matrix in memory.
     *
     * @param half whether the elements are bfloat16, else float32
     * @param pitch elements from a row to the next
     */
    public record Rows(MemorySegment memory, boolean half, long pitch) {

        private long at(long row) {
            return row * pitch * (half ? 2 : 4);
        }
    }

    /** Whether rows of {@code n} elements can be worked on. */
    public static boolean fits(long n, boolean half) {
        return n > 0 && n % (half ? 2 * L : L) == 0;
    }

    private interface Part {
        void run(int number, int from, int to);
    }

    private static void inParts(Workers workers, int rows, Part part) {
        workers.run(parts(rows), i -> part.run(i, i * PART, Math.min(rows, (i + 1) * PART)));
    }

    private static int parts(int rows) {
        return (rows + PART - 1) / PART;
    }

    /**
     * {@code y = x / sqrt(mean(x²) + epsilon) * weight}, a row at a time.
     *
     * @param weight one row of n, in the type of x
     * @param inverse gets 1 / sqrt(mean(x²) + epsilon) of each row
     */
    public static void rmsNorm(
            Workers workers, int rows, int n, Rows x, Rows weight, double epsilon, Rows y, float[] inverse) {
        float[] w = row(weight, n);
        inParts(workers, rows, (part, from, to) -> {
            var values = new float[n];
            for (int r = from; r < to; r++) {
                load(x, r, n, values);
                float scale = (float) (1 / Math.sqrt((double) products(values, values, n) / n + epsilon));
                inverse[r] = scale;
                for (int c = 0; c < n; c += L) {
                    FloatVector.fromArray(F, values, c)
                            .mul(scale)
                            .mul(FloatVector.fromArray(F, w, c))
                            .intoArray(values, c);
                }
                store(values, n, y, r);
            }
        });
    }

    /** Σ a·b. */
    private static float products(float[] a, float[] b, int n) {
        FloatVector first = FloatVector.zero(F);
        FloatVector second = first;
        int c = 0;
        for (; c + 2 * L <= n; c += 2 * L) {
            first = FloatVector.fromArray(F, a, c).fma(FloatVector.fromArray(F, b, c), first);
            second = FloatVector.fromArray(F, a, c + L).fma(FloatVector.fromArray(F, b, c + L), second);
        }
        if (c < n) {
            first = FloatVector.fromArray(F, a, c).fma(FloatVector.fromArray(F, b, c), first);
        }
        return Lanes.sum(first.add(second));
    }

    /**
     * The backward pass of {@link #rmsNorm}: with x̂ = x·inverse and h = g·weight, {@code dx = inverse·(h - x̂·mean(h·x̂))}.
     *
     * @param g gradient of y
     * @param dx may be g
     * @return the gradient of the weight, Σ g·x̂, n values
     */
    public static float[] rmsNormBackward(
            Workers workers, int rows, int n, Rows x, Rows weight, float[] inverse, Rows g, Rows dx) {
        float[] w = row(weight, n);
        var sums = new float[parts(rows)][];
        inParts(workers, rows, (part, from, to) -> {
            var values = new float[n];
            var gradient = new float[n];
            var sum = new float[n];
            for (int r = from; r < to; r++) {
                load(x, r, n, values);
                load(g, r, n, gradient);
                normalized(values, gradient, sum, w, inverse[r], n);
                float mean = products(values, gradient, n) / n;
                centered(values, gradient, mean, inverse[r], n);
                store(values, n, dx, r);
            }
            sums[part] = sum;
        });
        var total = new float[n];
        for (float[] sum : sums) {
            for (int c = 0; c < n; c++) {
                total[c] += sum[c];
            }
        }
        return weight.half ? sorted(total) : total;
    }

    /** Makes x̂ of x and h of g, and adds g·x̂ to {@code sum}. */
    private static void normalized(float[] x, float[] g, float[] sum, float[] weight, float scale, int n) {
        for (int c = 0; c < n; c += L) {
            FloatVector normal = FloatVector.fromArray(F, x, c).mul(scale);
            FloatVector above = FloatVector.fromArray(F, g, c);
            above.fma(normal, FloatVector.fromArray(F, sum, c)).intoArray(sum, c);
            normal.intoArray(x, c);
            above.mul(FloatVector.fromArray(F, weight, c)).intoArray(g, c);
        }
    }

    /** {@code x = scale·(h - x·mean)}. */
    private static void centered(float[] x, float[] h, float mean, float scale, int n) {
        for (int c = 0; c < n; c += L) {
            FloatVector.fromArray(F, h, c)
                    .sub(FloatVector.fromArray(F, x, c).mul(mean))
                    .mul(scale)
                    .intoArray(x, c);
        }
    }

    /**
     * Turns heads side by side in place: {@code x·cos + (x with its halves exchanged)·sin}.
     *
     * @param x rows of {@code heads} heads of {@code width} elements; row r is at position r modulo {@code positions}
     * @param cos a row a position, of a head's width at least
     * @param sin likewise, with the sign of the rotation in its first half
     * @param way 1, or -1 for the inverse, which is the gradient
     */
    public static void rotate(
            Workers workers, int rows, int heads, int width, Rows x, Rows cos, Rows sin, int positions, int way) {
        int half = width / 2;
        inParts(workers, rows, (part, from, to) -> {
            var c = new float[width];
            var s = new float[width];
            var values = new float[heads * width];
            for (int r = from; r < to; r++) {
                load(cos, r % positions, width, c);
                load(sin, r % positions, width, s);
                load(x, r, values.length, values);
                for (int i = 0; i < half; i += L) {
                    turn(values, heads, width, i, c, s, way);
                }
                store(values, values.length, x, r);
            }
        });
    }

    /** The vectors at {@code i} of each head, and those that they are turned with. */
    private static void turn(float[] x, int heads, int width, int i, float[] cos, float[] sin, int way) {
        int half = width / 2;
        FloatVector lowCos = FloatVector.fromArray(F, cos, i);
        FloatVector highCos = FloatVector.fromArray(F, cos, half + i);
        FloatVector lowSin = FloatVector.fromArray(F, sin, i).mul(way);
        FloatVector highSin = FloatVector.fromArray(F, sin, half + i).mul(way);
        for (int h = 0; h < heads; h++) {
            int low = h * width + i;
            FloatVector a = FloatVector.fromArray(F, x, low);
            FloatVector b = FloatVector.fromArray(F, x, low + half);
            b.fma(lowSin, a.mul(lowCos)).intoArray(x, low);
            a.fma(highSin, b.mul(highCos)).intoArray(x, low + half);
        }
    }

    private static float[] row(Rows vector, int n) {
        var values = new float[n];
        load(vector, 0, n, values);
        return values;
    }

    /** Undoes the arrangement. */
    private static float[] sorted(float[] arranged) {
        var values = new float[arranged.length];
        for (int c = 0; c < values.length; c++) {
            int inBlock = c % (2 * L);
            values[c] = arranged[c - inBlock + inBlock / 2 + inBlock % 2 * L];
        }
        return values;
    }

    private static void load(Rows from, long row, int n, float[] to) {
        if (from.half) {
            loadHalf(from.memory, from.at(row), n, to);
        } else {
            loadFull(from.memory, from.at(row), n, to);
        }
    }

    private static void store(float[] from, int n, Rows to, long row) {
        if (to.half) {
            storeHalf(from, n, to.memory, to.at(row));
        } else {
            storeFull(from, n, to.memory, to.at(row));
        }
    }

    // Small methods without others in them are compiled without allocating their vectors.

    private static void loadHalf(MemorySegment memory, long at, int n, float[] to) {
        for (int c = 0; c < n; c += 2 * L) {
            IntVector pairs = IntVector.fromMemorySegment(I, memory, at + 2L * c, ORDER);
            pairs.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoArray(to, c);
            pairs.lanewise(VectorOperators.AND, ODD).reinterpretAsFloats().intoArray(to, c + L);
        }
    }

    private static void loadFull(MemorySegment memory, long at, int n, float[] to) {
        for (int c = 0; c < n; c += L) {
            FloatVector.fromMemorySegment(F, memory, at + 4L * c, ORDER).intoArray(to, c);
        }
    }

    /** Rounds half to even. A processor's NaN stays one, for its lower bits are 0. */
    private static void storeHalf(float[] from, int n, MemorySegment memory, long at) {
        for (int c = 0; c < n; c += 2 * L) {
            IntVector even = FloatVector.fromArray(F, from, c).reinterpretAsInts();
            IntVector odd = FloatVector.fromArray(F, from, c + L).reinterpretAsInts();
            IntVector low = even.add(even.lanewise(VectorOperators.LSHR, 16)
                    .lanewise(VectorOperators.AND, 1)
                    .add(0x7FFF));
            IntVector high = odd.add(odd.lanewise(VectorOperators.LSHR, 16)
                    .lanewise(VectorOperators.AND, 1)
                    .add(0x7FFF));
            low.lanewise(VectorOperators.LSHR, 16)
                    .lanewise(VectorOperators.OR, high.lanewise(VectorOperators.AND, ODD))
                    .intoMemorySegment(memory, at + 2L * c, ORDER);
        }
    }

    private static void storeFull(float[] from, int n, MemorySegment memory, long at) {
        for (int c = 0; c < n; c += L) {
            FloatVector.fromArray(F, from, c).intoMemorySegment(memory, at + 4L * c, ORDER);
        }
    }
}
