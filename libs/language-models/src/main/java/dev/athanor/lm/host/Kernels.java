package dev.athanor.lm.host;

import dev.athanor.libtorch.host.Lanes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Inner products with weights in memory, in float32 or bfloat16, summed in float32 by the processor's widest vectors.
 *
 * <p>Two bfloat16 lie in 32 bits, each the upper half of a float32: the even elements are had by a shift, the odd ones by a mask. So
 * that they meet the right factors without being sorted, the other operand is {@linkplain #arrange arranged}: in each block of two
 * vectors the even elements first.
 */
final class Kernels {

    private static final VectorSpecies<Float> F = Lanes.F;
    private static final VectorSpecies<Integer> I = Lanes.I;
    private static final int L = Lanes.L;
    private static final int ODD = 0xFFFF0000;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private Kernels() {}

    /** Copies {@code n} values into the order that factors of bfloat16 weights must have. */
    static void arrange(float[] from, int at, int n, float[] to, int toAt) {
        int whole = n - n % (2 * L);
        for (int block = 0; block < whole; block += 2 * L) {
            for (int i = 0; i < L; i++) {
                to[toAt + block + i] = from[at + block + 2 * i];
                to[toAt + block + L + i] = from[at + block + 2 * i + 1];
            }
        }
        System.arraycopy(from, at + whole, to, toAt + whole, n - whole);
    }

    /**
     * {@code y[b·pitch + r] = w[r]·x[b]} for the rows {@code from ≤ r < to} of the weight. Four rows are read at a time, each from its
     * own quarter of the range: so memory is read in four streams that go on from row to row, which keeps its bus busy.
     *
     * @param x [batch, columns], arranged if the weight is bfloat16
     */
    static void product(Matrix w, int from, int to, float[] x, int batch, float[] y, int pitch) {
        int C = w.columns();
        long size = w.half() ? 2 : 4;
        int quarter = (to - from) / 4;
        long apart = quarter * size * C;
        var lanes = new float[16 * L];
        for (int r = from; r < from + quarter; r++) {
            long at = r * size * C;
            for (int b = 0; b < batch; ) {
                int columns = batch - b >= 4 ? 4 : 1;
                if (columns == 4 && w.half()) {
                    half4x4(w.memory(), at, apart, C, x, b * C, lanes);
                } else if (columns == 4) {
                    full4x4(w.memory(), at, apart, C, x, b * C, lanes);
                } else if (w.half()) {
                    half4x1(w.memory(), at, apart, C, x, b * C, lanes);
                } else {
                    full4x1(w.memory(), at, apart, C, x, b * C, lanes);
                }
                for (int end = b + columns, lane = 0; b < end; b++) {
                    for (int i = 0; i < 4; i++, lane += L) {
                        y[b * pitch + r + i * quarter] = Lanes.sum(FloatVector.fromArray(F, lanes, lane))
                                + tail(w.memory(), w.half(), at + i * apart, C, x, b * C);
                    }
                }
            }
        }
        for (int r = from + 4 * quarter; r < to; r++) {
            for (int b = 0; b < batch; b++) {
                y[b * pitch + r] = dot(w.memory(), w.half(), r * size * C, C, x, b * C);
            }
        }
    }

    /** The inner product of {@code n} elements in memory with {@code n} of {@code x}, arranged for bfloat16. */
    static float dot(MemorySegment w, boolean half, long at, int n, float[] x, int xAt) {
        FloatVector sum = FloatVector.zero(F);
        if (half) {
            int whole = n - n % (2 * L);
            for (int c = 0; c < whole; c += 2 * L) {
                IntVector pairs = IntVector.fromMemorySegment(I, w, at + 2L * c, ORDER);
                sum = even(pairs).fma(FloatVector.fromArray(F, x, xAt + c), sum);
                sum = odd(pairs).fma(FloatVector.fromArray(F, x, xAt + c + L), sum);
            }
            return Lanes.sum(sum) + tail(w, true, at, n, x, xAt);
        }
        int whole = n - n % L;
        for (int c = 0; c < whole; c += L) {
            sum = full(w, at + 4L * c).fma(FloatVector.fromArray(F, x, xAt + c), sum);
        }
        return Lanes.sum(sum) + tail(w, false, at, n, x, xAt);
    }

    /**
     * {@code out[d] = Σ p[s]·w[s, d]}, the rows of {@code w} being {@code n} elements one after the other.
     *
     * @param p weights of the rows {@code 0 … count-1}, from {@code pAt} on
     */
    static void weightedSum(
            MemorySegment w, boolean half, long at, int n, float[] p, int pAt, int count, float[] out, int outAt) {
        int step = half ? 2 * L : L;
        int whole = n - n % step;
        var lanes = new float[step];
        for (int d = 0; d < whole; d += step) {
            FloatVector first = FloatVector.zero(F);
            FloatVector second = FloatVector.zero(F);
            for (int s = 0; s < count; s++) {
                if (half) {
                    IntVector pairs = IntVector.fromMemorySegment(I, w, at + 2L * ((long) s * n + d), ORDER);
                    FloatVector factor = FloatVector.broadcast(F, p[pAt + s]);
                    first = even(pairs).fma(factor, first);
                    second = odd(pairs).fma(factor, second);
                } else {
                    first = full(w, at + 4L * ((long) s * n + d)).fma(FloatVector.broadcast(F, p[pAt + s]), first);
                }
            }
            if (half) {
                first.intoArray(lanes, 0);
                second.intoArray(lanes, L);
                for (int i = 0; i < L; i++) {
                    out[outAt + d + 2 * i] = lanes[i];
                    out[outAt + d + 2 * i + 1] = lanes[L + i];
                }
            } else {
                first.intoArray(out, outAt + d);
            }
        }
        for (int d = whole; d < n; d++) {
            float sum = 0;
            for (int s = 0; s < count; s++) {
                long element = (long) s * n + d;
                sum += p[pAt + s]
                        * (half
                                ? Float.intBitsToFloat(w.get(ValueLayout.JAVA_SHORT, at + 2 * element) << 16)
                                : w.get(ValueLayout.JAVA_FLOAT, at + 4 * element));
            }
            out[outAt + d] = sum;
        }
    }

    private static FloatVector even(IntVector pairs) {
        return pairs.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
    }

    private static FloatVector odd(IntVector pairs) {
        return pairs.lanewise(VectorOperators.AND, ODD).reinterpretAsFloats();
    }

    private static FloatVector full(MemorySegment w, long at) {
        return FloatVector.fromMemorySegment(F, w, at, ORDER);
    }

    private static IntVector pairs(MemorySegment w, long at) {
        return IntVector.fromMemorySegment(I, w, at, ORDER);
    }

    /** What the elements behind the last whole vector add to an inner product. */
    private static float tail(MemorySegment w, boolean half, long at, int n, float[] x, int xAt) {
        float sum = 0;
        for (int c = n - n % (half ? 2 * L : L); c < n; c++) {
            float element = half
                    ? Float.intBitsToFloat(w.get(ValueLayout.JAVA_SHORT, at + 2L * c) << 16)
                    : w.get(ValueLayout.JAVA_FLOAT, at + 4L * c);
            sum += element * x[xAt + c];
        }
        return sum;
    }

    // Lanes of the inner products of four rows with one and with four factors, row by row within a factor. They are
    // stored rather than
    // summed here: the compiler keeps so many vectors in registers only in methods that do nothing else with them.

    private static void full4x1(MemorySegment w, long at, long row, int C, float[] x, int xAt, float[] lanes) {
        int whole = C - C % L;
        FloatVector s0 = FloatVector.zero(F);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int c = 0; c < whole; c += L) {
            FloatVector v = FloatVector.fromArray(F, x, xAt + c);
            long p = at + 4L * c;
            s0 = full(w, p).fma(v, s0);
            s1 = full(w, p + row).fma(v, s1);
            s2 = full(w, p + 2 * row).fma(v, s2);
            s3 = full(w, p + 3 * row).fma(v, s3);
        }
        s0.intoArray(lanes, 0);
        s1.intoArray(lanes, L);
        s2.intoArray(lanes, 2 * L);
        s3.intoArray(lanes, 3 * L);
    }

    private static void half4x1(MemorySegment w, long at, long row, int C, float[] x, int xAt, float[] lanes) {
        int whole = C - C % (2 * L);
        FloatVector s0 = FloatVector.zero(F);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int c = 0; c < whole; c += 2 * L) {
            FloatVector evenX = FloatVector.fromArray(F, x, xAt + c);
            FloatVector oddX = FloatVector.fromArray(F, x, xAt + c + L);
            long p = at + 2L * c;
            IntVector w0 = pairs(w, p);
            IntVector w1 = pairs(w, p + row);
            IntVector w2 = pairs(w, p + 2 * row);
            IntVector w3 = pairs(w, p + 3 * row);
            s0 = odd(w0).fma(oddX, even(w0).fma(evenX, s0));
            s1 = odd(w1).fma(oddX, even(w1).fma(evenX, s1));
            s2 = odd(w2).fma(oddX, even(w2).fma(evenX, s2));
            s3 = odd(w3).fma(oddX, even(w3).fma(evenX, s3));
        }
        s0.intoArray(lanes, 0);
        s1.intoArray(lanes, L);
        s2.intoArray(lanes, 2 * L);
        s3.intoArray(lanes, 3 * L);
    }

    private static void full4x4(MemorySegment w, long at, long row, int C, float[] x, int xAt, float[] lanes) {
        int whole = C - C % L;
        FloatVector zero = FloatVector.zero(F);
        FloatVector s00 = zero;
        FloatVector s01 = zero;
        FloatVector s02 = zero;
        FloatVector s03 = zero;
        FloatVector s10 = zero;
        FloatVector s11 = zero;
        FloatVector s12 = zero;
        FloatVector s13 = zero;
        FloatVector s20 = zero;
        FloatVector s21 = zero;
        FloatVector s22 = zero;
        FloatVector s23 = zero;
        FloatVector s30 = zero;
        FloatVector s31 = zero;
        FloatVector s32 = zero;
        FloatVector s33 = zero;
        for (int c = 0; c < whole; c += L) {
            long p = at + 4L * c;
            FloatVector w0 = full(w, p);
            FloatVector w1 = full(w, p + row);
            FloatVector w2 = full(w, p + 2 * row);
            FloatVector w3 = full(w, p + 3 * row);
            FloatVector x0 = FloatVector.fromArray(F, x, xAt + c);
            s00 = w0.fma(x0, s00);
            s10 = w1.fma(x0, s10);
            s20 = w2.fma(x0, s20);
            s30 = w3.fma(x0, s30);
            FloatVector x1 = FloatVector.fromArray(F, x, xAt + C + c);
            s01 = w0.fma(x1, s01);
            s11 = w1.fma(x1, s11);
            s21 = w2.fma(x1, s21);
            s31 = w3.fma(x1, s31);
            FloatVector x2 = FloatVector.fromArray(F, x, xAt + 2 * C + c);
            s02 = w0.fma(x2, s02);
            s12 = w1.fma(x2, s12);
            s22 = w2.fma(x2, s22);
            s32 = w3.fma(x2, s32);
            FloatVector x3 = FloatVector.fromArray(F, x, xAt + 3 * C + c);
            s03 = w0.fma(x3, s03);
            s13 = w1.fma(x3, s13);
            s23 = w2.fma(x3, s23);
            s33 = w3.fma(x3, s33);
        }
        s00.intoArray(lanes, 0);
        s10.intoArray(lanes, L);
        s20.intoArray(lanes, 2 * L);
        s30.intoArray(lanes, 3 * L);
        s01.intoArray(lanes, 4 * L);
        s11.intoArray(lanes, 5 * L);
        s21.intoArray(lanes, 6 * L);
        s31.intoArray(lanes, 7 * L);
        s02.intoArray(lanes, 8 * L);
        s12.intoArray(lanes, 9 * L);
        s22.intoArray(lanes, 10 * L);
        s32.intoArray(lanes, 11 * L);
        s03.intoArray(lanes, 12 * L);
        s13.intoArray(lanes, 13 * L);
        s23.intoArray(lanes, 14 * L);
        s33.intoArray(lanes, 15 * L);
    }

    private static void half4x4(MemorySegment w, long at, long row, int C, float[] x, int xAt, float[] lanes) {
        int whole = C - C % (2 * L);
        FloatVector zero = FloatVector.zero(F);
        FloatVector s00 = zero;
        FloatVector s01 = zero;
        FloatVector s02 = zero;
        FloatVector s03 = zero;
        FloatVector s10 = zero;
        FloatVector s11 = zero;
        FloatVector s12 = zero;
        FloatVector s13 = zero;
        FloatVector s20 = zero;
        FloatVector s21 = zero;
        FloatVector s22 = zero;
        FloatVector s23 = zero;
        FloatVector s30 = zero;
        FloatVector s31 = zero;
        FloatVector s32 = zero;
        FloatVector s33 = zero;
        for (int c = 0; c < whole; c += 2 * L) {
            long p = at + 2L * c;
            IntVector w0 = pairs(w, p);
            IntVector w1 = pairs(w, p + row);
            IntVector w2 = pairs(w, p + 2 * row);
            IntVector w3 = pairs(w, p + 3 * row);
            FloatVector even0 = even(w0);
            FloatVector even1 = even(w1);
            FloatVector even2 = even(w2);
            FloatVector even3 = even(w3);
            FloatVector evenX0 = FloatVector.fromArray(F, x, xAt + c);
            s00 = even0.fma(evenX0, s00);
            s10 = even1.fma(evenX0, s10);
            s20 = even2.fma(evenX0, s20);
            s30 = even3.fma(evenX0, s30);
            FloatVector evenX1 = FloatVector.fromArray(F, x, xAt + C + c);
            s01 = even0.fma(evenX1, s01);
            s11 = even1.fma(evenX1, s11);
            s21 = even2.fma(evenX1, s21);
            s31 = even3.fma(evenX1, s31);
            FloatVector evenX2 = FloatVector.fromArray(F, x, xAt + 2 * C + c);
            s02 = even0.fma(evenX2, s02);
            s12 = even1.fma(evenX2, s12);
            s22 = even2.fma(evenX2, s22);
            s32 = even3.fma(evenX2, s32);
            FloatVector evenX3 = FloatVector.fromArray(F, x, xAt + 3 * C + c);
            s03 = even0.fma(evenX3, s03);
            s13 = even1.fma(evenX3, s13);
            s23 = even2.fma(evenX3, s23);
            s33 = even3.fma(evenX3, s33);
            FloatVector odd0 = odd(w0);
            FloatVector odd1 = odd(w1);
            FloatVector odd2 = odd(w2);
            FloatVector odd3 = odd(w3);
            FloatVector oddX0 = FloatVector.fromArray(F, x, xAt + c + L);
            s00 = odd0.fma(oddX0, s00);
            s10 = odd1.fma(oddX0, s10);
            s20 = odd2.fma(oddX0, s20);
            s30 = odd3.fma(oddX0, s30);
            FloatVector oddX1 = FloatVector.fromArray(F, x, xAt + C + c + L);
            s01 = odd0.fma(oddX1, s01);
            s11 = odd1.fma(oddX1, s11);
            s21 = odd2.fma(oddX1, s21);
            s31 = odd3.fma(oddX1, s31);
            FloatVector oddX2 = FloatVector.fromArray(F, x, xAt + 2 * C + c + L);
            s02 = odd0.fma(oddX2, s02);
            s12 = odd1.fma(oddX2, s12);
            s22 = odd2.fma(oddX2, s22);
            s32 = odd3.fma(oddX2, s32);
            FloatVector oddX3 = FloatVector.fromArray(F, x, xAt + 3 * C + c + L);
            s03 = odd0.fma(oddX3, s03);
            s13 = odd1.fma(oddX3, s13);
            s23 = odd2.fma(oddX3, s23);
            s33 = odd3.fma(oddX3, s33);
        }
        s00.intoArray(lanes, 0);
        s10.intoArray(lanes, L);
        s20.intoArray(lanes, 2 * L);
        s30.intoArray(lanes, 3 * L);
        s01.intoArray(lanes, 4 * L);
        s11.intoArray(lanes, 5 * L);
        s21.intoArray(lanes, 6 * L);
        s31.intoArray(lanes, 7 * L);
        s02.intoArray(lanes, 8 * L);
        s12.intoArray(lanes, 9 * L);
        s22.intoArray(lanes, 10 * L);
        s32.intoArray(lanes, 11 * L);
        s03.intoArray(lanes, 12 * L);
        s13.intoArray(lanes, 13 * L);
        s23.intoArray(lanes, 14 * L);
        s33.intoArray(lanes, 15 * L);
    }
}
