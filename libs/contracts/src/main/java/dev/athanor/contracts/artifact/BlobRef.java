package dev.athanor.contracts.artifact;

import dev.athanor.contracts.error.Checks;
import java.util.regex.Pattern;

/** Content address of immutable bytes in the artifact store: SHA-256 in lower-case hex, and the size in bytes. */
public record BlobRef(String sha256, long size) {

    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    public BlobRef {
        Checks.matches("sha256", sha256, HEX, "64 lower-case hex digits");
        Checks.range("size", size, 0, Long.MAX_VALUE);
    }
}
