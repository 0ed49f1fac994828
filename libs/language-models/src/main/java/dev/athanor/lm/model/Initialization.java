package dev.athanor.lm.model;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.stream.LongStream;
import java.util.zip.CRC32;

/**
 * Initial values as a pure function of (seed, parameter name, position): the same bits on every machine, for any number of threads,
 * and unchanged in all other parameters when an option adds one.
 */
public final class Initialization {

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final int BLOCK = 1 << 14;

    private Initialization() {}

    /** Fills the float32 segment with the parameter's initial values. */
    public static void fill(ParameterSpec spec, long seed, MemorySegment values) {
        long count = spec.elements();
        if (spec.deviation() == 0) {
            for (long i = 0; i < count; i++) {
                values.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) spec.mean());
            }
            return;
        }
        long key = mix(seed * GOLDEN ^ nameHash(spec.name()));
        LongStream.range(0, (count + BLOCK - 1) / BLOCK)
                .parallel()
                .forEach(block -> fillBlock(spec, key, values, block * BLOCK, Math.min(count, (block + 1) * BLOCK)));
    }

    /** Pairs of normal values by the Box–Muller transform; {@code from} is even. */
    private static void fillBlock(ParameterSpec spec, long key, MemorySegment values, long from, long to) {
        for (long i = from; i < to; i += 2) {
            double radius = StrictMath.sqrt(-2 * StrictMath.log(uniform(key, i)));
            double angle = 2 * Math.PI * uniform(key, i + 1);
            set(spec, values, i, radius * StrictMath.cos(angle));
            if (i + 1 < to) {
                set(spec, values, i + 1, radius * StrictMath.sin(angle));
            }
        }
    }

    private static void set(ParameterSpec spec, MemorySegment values, long i, double normal) {
        values.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (spec.mean() + spec.deviation() * normal));
    }

    /** In (0, 1]. */
    private static double uniform(long key, long i) {
        return ((mix(key + (i + 1) * GOLDEN) >>> 11) + 1) * 0x1.0p-53;
    }

    private static long nameHash(String name) {
        var crc = new CRC32();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        return crc.getValue() << 32 | name.length();
    }

    /** The finalizer of SplitMix64 (Steele, Lea, Flood 2014). */
    private static long mix(long z) {
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
