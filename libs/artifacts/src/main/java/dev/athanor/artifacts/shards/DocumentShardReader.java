package dev.athanor.artifacts.shards;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.artifact.BlobRef;
import dev.athanor.contracts.document.Document;
import java.io.IOException;
import java.io.InputStream;

/** A shard of {@link Document}s. */
public final class DocumentShardReader extends ShardReader<Document> {

    public DocumentShardReader(ArtifactStore store, BlobRef shard) throws IOException {
        super(Document.class, store, shard);
    }

    /** @param from the compressed bytes */
    public DocumentShardReader(InputStream from) throws IOException {
        super(Document.class, from);
    }
}
