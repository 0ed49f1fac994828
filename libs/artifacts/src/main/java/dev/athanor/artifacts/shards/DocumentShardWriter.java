package dev.athanor.artifacts.shards;

import dev.athanor.contracts.document.Document;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** A shard of {@link Document}s. */
public final class DocumentShardWriter extends ShardWriter<Document> {

    /** @param file must not exist yet */
    public DocumentShardWriter(Path file) throws IOException {
        super(file);
    }

    private DocumentShardWriter(Path file, int level) throws IOException {
        super(file, level);
    }

    /** Compressed quickly rather than well: for what a stage hands from one of its rounds to the next. */
    public static DocumentShardWriter quick(Path file) throws IOException {
        return new DocumentShardWriter(file, QUICK_LEVEL);
    }

    public DocumentShardWriter(OutputStream to) throws IOException {
        super(to);
    }
}
