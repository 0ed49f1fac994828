package dev.athanor.artifacts.shards;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.BlobRef;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.document.LabelledExample;
import dev.athanor.contracts.document.Split;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** A shard of {@link LabelledExample}s. */
public final class LabelledShardReader extends ShardReader<LabelledExample> {

    public LabelledShardReader(ArtifactStore store, BlobRef shard) throws IOException {
        super(LabelledExample.class, store, shard);
    }

    /** @param from the compressed bytes */
    public LabelledShardReader(InputStream from) throws IOException {
        super(LabelledExample.class, from);
    }

    /** All examples of an artifact of kind labelled-examples: split by split, shard after shard in order of name. */
    public static List<LabelledExample> all(ArtifactStore store, Manifest manifest) throws IOException {
        List<LabelledExample> examples = new ArrayList<>();
        for (Split split : Split.values()) {
            for (ArtifactFile shard : manifest.filesUnder(split.slug() + "/")) {
                try (var reader = new LabelledShardReader(store, shard.blob())) {
                    reader.forEach(examples::add);
                }
            }
        }
        return examples;
    }
}
