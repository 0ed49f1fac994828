package dev.athanor.libtorch;

/** The 16-bit brain float: the upper half of an IEEE 754 binary32, rounded to nearest, ties to even. */
public final class Bfloat16 {
    private Bfloat16() {}

    /** The bits of the bfloat16 nearest to {@code value}. */
    public static short of(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }

    /** The value of the given bits, exactly. */
    public static float toFloat(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }
}
