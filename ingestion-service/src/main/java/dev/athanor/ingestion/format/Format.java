package dev.athanor.ingestion.format;

import dev.athanor.ingestion.content.Content;
import dev.athanor.ingestion.content.Output;
import java.io.IOException;
import java.util.Set;

/**
 * A file format. Adding one: this interface, its test, a line in {@link Formats#ALL}, a row in
 * docs/reference/formats.md.
 */
public interface Format {

    /** Short lower-case name, as counted in {@code documents.format.<name>}. */
    String name();

    /** Whether the first bytes alone say that it is this format. */
    default boolean magic(byte[] head) {
        return false;
    }

    /** Lower-case file name extensions without the dot. */
    default Set<String> extensions() {
        return Set.of();
    }

    /** Media types in lower case. */
    default Set<String> mediaTypes() {
        return Set.of();
    }

    /** Whether text without a telling name or type looks like this format; {@code head} is trimmed and in lower case. */
    default boolean looksLike(String head) {
        return false;
    }

    /**
     * Reads all of it. What is good before a fault is kept.
     *
     * @throws IOException (or any RuntimeException of a parser) when the rest cannot be read
     */
    void read(Content content, Output output) throws IOException;
}
