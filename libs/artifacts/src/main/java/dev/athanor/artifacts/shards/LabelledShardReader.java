package dev.athanor.artifacts.shards;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.artifact.BlobRef;
import dev.athanor.contracts.document.LabelledExample;
import java.io.IOException;
import java.io.InputStream;

/** A shard of {@link LabelledExample}s. */
public final class LabelledShardReader extends ShardReader<LabelledExample> {

    public LabelledShardReader(ArtifactStore store, BlobRef shard) throws IOException {
        super(LabelledExample.class, store, shard);
    }

    /** @param from the compressed bytes */
    public LabelledShardReader(InputStream from) throws IOException {
        super(LabelledExample.class, from);
    }
}
