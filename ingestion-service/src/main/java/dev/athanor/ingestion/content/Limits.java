package dev.athanor.ingestion.content;

import dev.athanor.contracts.error.Checks;
import java.time.Duration;

/**
 * What reading one file may cost.
 *
 * @param maxFileBytes bytes of a file or of an archive's whole content, after decompression
 * @param maxDocumentBytes bytes of one document before decoding; such a document is held in memory
 * @param maxRatio decompressed bytes for one compressed byte, beyond {@link #FREE_BYTES}
 * @param maxNesting archives and compressions inside each other
 * @param maxTime wall-clock time for one file with everything in it, a safety net against parsers that hang
 */
public record Limits(long maxFileBytes, int maxDocumentBytes, int maxRatio, int maxNesting, Duration maxTime) {

    /** Decompressed bytes for which the ratio is not looked at: small files of one letter compress very well. */
    public static final long FREE_BYTES = 32L << 20;

    public static final Limits DEFAULTS = new Limits(1L << 30, 64 << 20, 250, 6, Duration.ofMinutes(10));

    public Limits {
        Checks.range("maxFileBytes", maxFileBytes, 1, Long.MAX_VALUE);
        Checks.range("maxDocumentBytes", maxDocumentBytes, 1, 256 << 20);
        Checks.range("maxRatio", maxRatio, 1, 1_000_000);
        Checks.range("maxNesting", maxNesting, 1, 32);
    }

    public Limits withMaxFileBytes(long bytes) {
        return new Limits(bytes, maxDocumentBytes, maxRatio, maxNesting, maxTime);
    }

    public Limits withMaxDocumentBytes(int bytes) {
        return new Limits(maxFileBytes, bytes, maxRatio, maxNesting, maxTime);
    }
}
