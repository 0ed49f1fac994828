package dev.athanor.preprocessing.dedup;

import dev.athanor.contracts.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** 128 bits of the SHA-256 of a text; equal for texts that differ only in letter case and white space between words. */
public record Fingerprint(long high, long low) implements Comparable<Fingerprint> {

    public static Fingerprint of(String text) {
        var bytes = new byte[3 * text.length()];
        int length = canonical(text, bytes);
        return length < 0 ? plain(text) : of(bytes, length);
    }

    private static Fingerprint of(byte[] canonical, int length) {
        MessageDigest digest = Json.sha256();
        digest.update(canonical, 0, length);
        ByteBuffer hash = ByteBuffer.wrap(digest.digest());
        return new Fingerprint(hash.getLong(), hash.getLong());
    }

    /** UTF-8 of the text in lower case with single blanks, in one pass; -1 for texts beyond the basic plane. */
    private static int canonical(String text, byte[] out) {
        int to = 0;
        boolean blank = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' && Character.isWhitespace(c) || c > 127 && Character.isWhitespace(c)) {
                blank = true;
                continue;
            }
            if (blank && to > 0) {
                out[to++] = ' ';
            }
            blank = false;
            if (c < 128) {
                out[to++] = (byte) (c >= 'A' && c <= 'Z' ? c | 0x20 : c);
                continue;
            }
            char lower = Character.toLowerCase(c);
            if (Character.isSurrogate(lower)) {
                return -1;
            }
            if (lower < 0x80) {
                out[to++] = (byte) lower;
            } else if (lower < 0x800) {
                out[to++] = (byte) (0xC0 | lower >> 6);
                out[to++] = (byte) (0x80 | lower & 0x3F);
            } else {
                out[to++] = (byte) (0xE0 | lower >> 12);
                out[to++] = (byte) (0x80 | lower >> 6 & 0x3F);
                out[to++] = (byte) (0x80 | lower & 0x3F);
            }
        }
        return to;
    }

    /** The plain twin. */
    static Fingerprint plain(String text) {
        var canonical = new StringBuilder(text.length());
        boolean blank = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isWhitespace(c)) {
                blank = true;
            } else {
                if (blank && !canonical.isEmpty()) {
                    canonical.append(' ');
                }
                blank = false;
                canonical.append(Character.toLowerCase(c));
            }
        }
        byte[] bytes = canonical.toString().getBytes(StandardCharsets.UTF_8);
        return of(bytes, bytes.length);
    }

    @Override
    public int compareTo(Fingerprint other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }
}
