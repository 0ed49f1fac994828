package dev.athanor.lm.data;

/**
 * A random permutation of {@code 0 … size-1} for each epoch, as a pure function of (seed, epoch, index): any place in the order is
 * found in constant time and memory, without replaying those before it.
 *
 * <p>A balanced Feistel network of four rounds over the smallest even number of bits that holds {@code size}; values outside the
 * range are sent through again until they fall inside (cycle walking: Black, Rogaway, "Ciphers with arbitrary finite domains",
 * 2002). At most four passes are expected, because the domain is less than four times the size.
 *
 * @param size number of samples, at least 1
 */
public record SampleOrder(long size, long seed) {

    private static final int ROUNDS = 4;

    public SampleOrder {
        if (size < 1 || size > 1L << 60) {
            throw new IllegalArgumentException("size of a sample order is " + size + ", expected 1 to 2^60");
        }
    }

    /** The sample at {@code index} of {@code epoch}. */
    public long at(long epoch, long index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("index " + index + " of " + size + " samples");
        }
        int halfBits = Math.max(1, (64 - Long.numberOfLeadingZeros(size - 1) + 1) / 2);
        long key = mix(seed ^ mix(epoch + 0x9E3779B97F4A7C15L));
        long value = index;
        do {
            value = permute(value, halfBits, key);
        } while (value >= size);
        return value;
    }

    private static long permute(long value, int halfBits, long key) {
        long mask = (1L << halfBits) - 1;
        long left = value >>> halfBits;
        long right = value & mask;
        for (int round = 0; round < ROUNDS; round++) {
            long next = left ^ mix(right + key + round * 0x9E3779B97F4A7C15L) & mask;
            left = right;
            right = next;
        }
        return left << halfBits | right;
    }

    /** The finalizer of SplitMix64 (Steele, Lea, Flood 2014). */
    public static long mix(long z) {
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
