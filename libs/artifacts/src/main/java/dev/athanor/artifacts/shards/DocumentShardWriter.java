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

    public DocumentShardWriter(OutputStream to) throws IOException {
        super(to);
    }
}
