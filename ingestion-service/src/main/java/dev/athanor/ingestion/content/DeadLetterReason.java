package dev.athanor.ingestion.content;

import java.util.Locale;

/** Why a file, an archive entry or a record did not become a document. The slug is the count and the metric label. */
public enum DeadLetterReason {
    /** No bytes at all. */
    EMPTY,
    /** Read, but there is no text in it. */
    NO_TEXT,
    /** A table without a column that holds the text. */
    NO_TEXT_COLUMN,
    /** No format knows these bytes. */
    UNSUPPORTED_FORMAT,
    /** Against its own format. */
    CORRUPT,
    /** Ends in the middle. */
    TRUNCATED,
    /** Needs a password. */
    ENCRYPTED,
    /** Larger than the file or document limit. */
    TOO_LARGE,
    /** An archive that expands beyond the limits: a decompression bomb or something like it. */
    EXPANSION_LIMIT,
    /** Archives in archives in archives. */
    NESTING_LIMIT,
    /** Took longer than one file may. */
    TIMEOUT,
    /** The storage or the network failed while reading. */
    UNREADABLE,
    /** The server answered with an error status, to the last retry. */
    HTTP_STATUS,
    /** A path that leads out of the allowed folders, by a link for example. */
    PATH_REFUSED,
    /** The host is unknown, or its address is one that ingestion must not reach. */
    ADDRESS_REFUSED,
    /** Redirected in a circle or too often. */
    REDIRECT_LIMIT,
    /** robots.txt, a robots meta tag or a machine-readable reservation says no. */
    OPTED_OUT,
    /** Its licence is not among those that the job allows. */
    LICENCE;

    public String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
