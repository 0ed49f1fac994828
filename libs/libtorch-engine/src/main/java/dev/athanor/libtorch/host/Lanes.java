package dev.athanor.libtorch.host;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * What the vector interface has too, but in an order, or to a last bit, that depends on whether the code has been compiled yet: sums over
 * lanes and exponentials. Here equal inputs give equal bits.
 */
public final class Lanes {

    /** The widest vectors of the processor. */
    public static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    /** As wide. */
    public static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
    /** Their lanes. */
    public static final int L = F.length();

    private static final VectorShuffle<Float> BY_1 = exchanged(1);
    private static final VectorShuffle<Float> BY_2 = exchanged(2);
    private static final VectorShuffle<Float> BY_4 = exchanged(4);
    private static final VectorShuffle<Float> BY_8 = exchanged(8);

    /** Adding it puts the integer part of a small number into the last bits. */
    private static final float ROUND = 0x1.8p23f;

    private static final float LOWEST = -87;
    private static final float HIGHEST = 88;

    private Lanes() {}

    private static VectorShuffle<Float> exchanged(int distance) {
        return VectorShuffle.fromOp(F, i -> i ^ (distance < L ? distance : 0));
    }

    /** The sum of all lanes, added in pairs. */
    public static float sum(FloatVector v) {
        FloatVector s = v;
        if (L > 8) {
            s = s.add(s.rearrange(BY_8));
        }
        if (L > 4) {
            s = s.add(s.rearrange(BY_4));
        }
        if (L > 2) {
            s = s.add(s.rearrange(BY_2));
        }
        s = s.add(s.rearrange(BY_1));
        return s.lane(0);
    }

    /**
     * e^x to about the last bit, 0 below -87 and the value for 88 above it: 2^n · e^r with n whole and |r| ≤ ln 2 / 2, e^r by its Taylor
     * series up to r^7.
     */
    public static FloatVector exp(FloatVector x) {
        FloatVector v = x.max(LOWEST).min(HIGHEST);
        FloatVector shifted = v.fma(FloatVector.broadcast(F, 1.44269504f), FloatVector.broadcast(F, ROUND));
        FloatVector n = shifted.sub(ROUND);
        // ln 2 in two parts, of which the first has few bits.
        FloatVector r = n.fma(FloatVector.broadcast(F, -0.693359375f), v);
        r = n.fma(FloatVector.broadcast(F, 2.12194440e-4f), r);
        FloatVector p = FloatVector.broadcast(F, 1f / 5040);
        p = p.fma(r, FloatVector.broadcast(F, 1f / 720));
        p = p.fma(r, FloatVector.broadcast(F, 1f / 120));
        p = p.fma(r, FloatVector.broadcast(F, 1f / 24));
        p = p.fma(r, FloatVector.broadcast(F, 1f / 6));
        p = p.fma(r, FloatVector.broadcast(F, 0.5f));
        p = p.fma(r, FloatVector.broadcast(F, 1));
        p = p.fma(r, FloatVector.broadcast(F, 1));
        IntVector power = shifted.reinterpretAsInts()
                .sub(Float.floatToRawIntBits(ROUND))
                .add(127)
                .lanewise(VectorOperators.LSHL, 23);
        return p.mul(power.reinterpretAsFloats()).blend(0, x.compare(VectorOperators.LT, LOWEST));
    }
}
