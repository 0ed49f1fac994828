package dev.athanor.tokenizers.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * SentencePiece's precompiled_charsmap: a double-array trie (darts-clone) from sequences of bytes to positions of NUL-terminated
 * strings. The blob is the trie's size in bytes, the trie's units, and the strings, little-endian.
 */
public final class CharsMap {

    private final int[] units;
    private final byte[] strings;

    /** @throws IllegalArgumentException if the blob's sizes do not fit */
    public CharsMap(byte[] blob) {
        if (blob.length < 4) {
            throw new IllegalArgumentException("precompiled_charsmap: " + blob.length + " bytes, expected more than 4");
        }
        ByteBuffer in = ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN);
        int trieBytes = in.getInt();
        if (trieBytes < 4 || trieBytes % 4 != 0 || trieBytes > in.remaining()) {
            throw new IllegalArgumentException(
                    "precompiled_charsmap: a trie of " + trieBytes + " bytes, expected at most " + in.remaining());
        }
        units = new int[trieBytes / 4];
        for (int i = 0; i < units.length; i++) {
            units[i] = in.getInt();
        }
        strings = new byte[in.remaining()];
        in.get(strings);
    }

    /**
     * The matches of keys that the bytes begin with.
     *
     * @param longest whether the longest of them is wanted, or the shortest
     * @return {@code length << 32 | position of the string}, or -1 if there is none
     */
    public long find(byte[] b, int from, int to, boolean longest) {
        long found = -1;
        int node = offset(units[0]);
        for (int p = from; p < to; p++) {
            int c = b[p] & 0xFF;
            if (c == 0) {
                break;
            }
            node ^= c;
            if (node < 0 || node >= units.length) {
                break;
            }
            int unit = units[node];
            if ((unit & 0x800000FF) != c) {
                break;
            }
            node ^= offset(unit);
            if ((unit >>> 8 & 1) == 1 && node >= 0 && node < units.length) {
                found = (long) (p + 1 - from) << 32 | units[node] & 0x7FFFFFFF;
                if (!longest) {
                    break;
                }
            }
        }
        return found;
    }

    /** The bytes of the string at a position that {@link #find} gave. */
    public int stringEnd(int position) {
        int end = position;
        while (end < strings.length && strings[end] != 0) {
            end++;
        }
        return end;
    }

    /** The bytes that strings lie in. */
    public byte[] strings() {
        return strings;
    }

    /** What the shortest matching key stands for, as the Hugging Face library takes it, or null. */
    public @Nullable String shortest(byte[] b, int from, int to) {
        long found = find(b, from, to, false);
        if (found < 0) {
            return null;
        }
        int position = (int) found;
        return position > strings.length
                ? null
                : new String(strings, position, stringEnd(position) - position, StandardCharsets.UTF_8);
    }

    private static int offset(int unit) {
        return unit >>> 10 << ((unit & 1 << 9) >>> 6);
    }
}
