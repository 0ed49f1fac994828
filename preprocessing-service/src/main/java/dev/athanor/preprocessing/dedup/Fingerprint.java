package dev.athanor.preprocessing.dedup;

import dev.athanor.contracts.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** 128 bits of the SHA-256 of a text; equal for texts that differ only in letter case and white space between words. */
public record Fingerprint(long high, long low) implements Comparable<Fingerprint> {

    /** For ASCII the byte in lower case, a blank for white space. */
    private static final byte[] CANONICAL_ASCII = new byte[128];

    static {
        for (char c = 0; c < CANONICAL_ASCII.length; c++) {
            CANONICAL_ASCII[c] = (byte) (Character.isWhitespace(c) ? ' ' : Character.toLowerCase(c));
        }
    }

    public static Fingerprint of(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length == text.length()) {
            return of(utf8, canonicalAscii(utf8));
        }
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

    /** Likewise in place. Every byte is written; behind a blank the next blank goes over the one before. */
    private static int canonicalAscii(byte[] text) {
        int to = 0;
        int lastBlank = 1;
        for (byte c : text) {
            byte lower = CANONICAL_ASCII[c];
            int blank = lower == ' ' ? 1 : 0;
            text[to] = lower;
            to += 1 - (blank & lastBlank);
            lastBlank = blank;
        }
        return to > 0 && text[to - 1] == ' ' ? to - 1 : to;
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
