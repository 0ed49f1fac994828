package dev.athanor.preprocessing.dedup;

/**
 * Hashes of all windows of n bytes of a text: two polynomials modulo the Mersenne prime 2^61 - 1 (Karp and Rabin 1987), so
 * 122 bits. Equal windows have equal hashes; different ones in practice not.
 */
final class RollingHash {

    private static final long PRIME = (1L << 61) - 1;
    private static final long BASE_A = 1_111_111_111_111_111_111L % PRIME;
    private static final long BASE_B = 732_834_567_890_123_457L;

    /** Receives each window. */
    @FunctionalInterface
    interface Window {
        void accept(int from, long high, long low);
    }

    private RollingHash() {}

    static void windows(byte[] text, int from, int to, int n, Window window) {
        if (to - from < n) {
            return;
        }
        long powerA = power(BASE_A, n - 1);
        long powerB = power(BASE_B, n - 1);
        long a = 0;
        long b = 0;
        for (int i = from; i < to; i++) {
            if (i >= from + n) {
                int gone = (text[i - n] & 0xFF) + 1;
                a = subtract(a, multiply(powerA, gone));
                b = subtract(b, multiply(powerB, gone));
            }
            int next = (text[i] & 0xFF) + 1;
            a = add(multiply(a, BASE_A), next);
            b = add(multiply(b, BASE_B), next);
            if (i >= from + n - 1) {
                // Spread over all 64 bits, because files are cut into ranges by the highest ones.
                window.accept(i - n + 1, a * 0x9E3779B97F4A7C15L ^ b << 3, b);
            }
        }
    }

    private static long power(long base, int exponent) {
        long result = 1;
        for (int i = 0; i < exponent; i++) {
            result = multiply(result, base);
        }
        return result;
    }

    private static long multiply(long a, long b) {
        long high = Math.multiplyHigh(a, b);
        long low = a * b;
        long reduced = (low & PRIME) + (low >>> 61 | high << 3);
        reduced = (reduced & PRIME) + (reduced >>> 61);
        return reduced >= PRIME ? reduced - PRIME : reduced;
    }

    private static long add(long a, long b) {
        long sum = a + b;
        return sum >= PRIME ? sum - PRIME : sum;
    }

    private static long subtract(long a, long b) {
        return a >= b ? a - b : a - b + PRIME;
    }
}
