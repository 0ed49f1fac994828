package dev.athanor.tokenizers.internal;

import dev.athanor.tokenizers.IntList;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The ids of pieces seen before, for pieces of at most 15 bytes that became at most 6 ids below 2^20. A two-way set-associative
 * cache in one array of longs: a slot is 32 bytes (the piece's bytes and length in two longs, the ids in two), a set is one cache
 * line, and the older of a set is replaced. Not thread-safe.
 */
public final class PieceCache {

    /** Bytes that must be readable after the end of a piece. */
    public static final int PADDING = 16;

    public static final int MAX_PIECE = 15;
    private static final int MAX_IDS = 6;
    private static final int ID_BITS = 20;
    private static final int ID_MASK = (1 << ID_BITS) - 1;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long[] slots;
    private final int mask;

    /** The key of the piece last asked for. */
    private long key0;

    private long key1;

    /** So that caches of two threads, side by side in memory, do not share a line: a piece that is not found changes it. */
    @SuppressWarnings("UnusedVariable")
    private long pad0;

    @SuppressWarnings("UnusedVariable")
    private long pad1;

    @SuppressWarnings("UnusedVariable")
    private long pad2;

    @SuppressWarnings("UnusedVariable")
    private long pad3;

    @SuppressWarnings("UnusedVariable")
    private long pad4;

    @SuppressWarnings("UnusedVariable")
    private long pad5;

    @SuppressWarnings("UnusedVariable")
    private long pad6;

    /** @param setBits log2 of the number of sets; 16 takes 4 MiB */
    public PieceCache(int setBits) {
        slots = new long[8 << setBits];
        mask = (1 << setBits) - 1;
    }

    /** Adds the ids of the piece to {@code out} and says true, or says false; {@link #put} then files what it became. */
    public boolean find(byte[] b, int from, int length, IntList out) {
        long k0 = (long) LONG.get(b, from);
        long k1;
        if (length <= 8) {
            k0 &= -1L >>> (64 - 8 * length);
            k1 = (long) length << 56;
        } else {
            k1 = (long) LONG.get(b, from + 8) & (-1L >>> (128 - 8 * length)) | (long) length << 56;
        }
        int at = set(k0, k1);
        if (slots[at] != k0 || slots[at + 1] != k1) {
            at += 4;
            if (slots[at] != k0 || slots[at + 1] != k1) {
                key0 = k0;
                key1 = k1;
                return false;
            }
        }
        long v = slots[at + 2];
        int n = (int) (v >>> 60);
        out.add((int) v & ID_MASK);
        if (n > 1) {
            addRest(out, v, slots[at + 3], n);
        }
        return true;
    }

    private static void addRest(IntList out, long v, long w, int n) {
        for (int i = 1; i < n; i++) {
            long from = i < 3 ? v >>> ID_BITS * i : w >>> ID_BITS * (i - 3);
            out.add((int) from & ID_MASK);
        }
    }

    /** Files the ids that the piece last asked for became, if they fit. */
    public void put(int[] ids, int from, int to) {
        int n = to - from;
        if (n > MAX_IDS || n == 0) {
            return;
        }
        long v = (long) n << 60;
        long w = 0;
        for (int i = 0; i < n; i++) {
            long id = ids[from + i];
            if (id > ID_MASK) {
                return;
            }
            if (i < 3) {
                v |= id << ID_BITS * i;
            } else {
                w |= id << ID_BITS * (i - 3);
            }
        }
        int at = set(key0, key1);
        System.arraycopy(slots, at, slots, at + 4, 4);
        slots[at] = key0;
        slots[at + 1] = key1;
        slots[at + 2] = v;
        slots[at + 3] = w;
    }

    private int set(long k0, long k1) {
        long h = (k0 ^ Long.rotateLeft(k1, 29)) * 0x9E3779B97F4A7C15L;
        h ^= h >>> 32;
        return ((int) (h * 0xC2B2AE3D27D4EB4FL >>> 32) & mask) * 8;
    }
}
