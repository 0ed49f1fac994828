package dev.athanor.ingestion.source;

import dev.athanor.ingestion.content.DeadLetterReason;
import dev.athanor.ingestion.content.Extracted;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What a {@link Connector} reads into. */
public interface Reading {

    /** What is known about a file beforehand. */
    record Known(
            String uri,
            String name,
            @Nullable String mediaType,
            @Nullable Charset charset,
            @Nullable String fetchedAt,
            @Nullable String licence) {}

    /** A local file in any format, with whatever is inside. Faults become dead letters. */
    void file(Known known, Path file) throws IOException, InterruptedException;

    /** A text that the connector itself took out of its source. */
    void document(Extracted document, @Nullable String fetchedAt);

    void deadLetter(String uri, DeadLetterReason reason, String detail);

    /** Something to be read in the next round; what was found before, in this or an earlier round, is left out. */
    void found(Item item);

    /** Empty folder for temporary files. */
    Path workFolder();

    /** Called in long loops: throws when the task was cancelled. */
    void checkStop() throws InterruptedException;
}
