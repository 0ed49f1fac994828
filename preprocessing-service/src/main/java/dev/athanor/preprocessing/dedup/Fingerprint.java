package dev.athanor.preprocessing.dedup;

import dev.athanor.contracts.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** 128 bits of the SHA-256 of a text; equal for texts that differ only in letter case and white space between words. */
public record Fingerprint(long high, long low) implements Comparable<Fingerprint> {

    public static Fingerprint of(String text) {
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
        MessageDigest digest = Json.sha256();
        ByteBuffer hash = ByteBuffer.wrap(digest.digest(canonical.toString().getBytes(StandardCharsets.UTF_8)));
        return new Fingerprint(hash.getLong(), hash.getLong());
    }

    @Override
    public int compareTo(Fingerprint other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }
}
