package dev.athanor.tokenizer;

import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.BlobRef;
import dev.athanor.contracts.artifact.Manifest;

/** How many documents a shard holds, about: by its share of the bytes of all shards. It tells a task's progress how much is to come. */
public final class ExpectedDocuments {

    private ExpectedDocuments() {}

    /** @return 0 where the manifest has no count */
    public static long in(BlobRef shard, Manifest documents) {
        long bytes = 0;
        for (ArtifactFile file : documents.filesUnder("documents/")) {
            bytes += file.blob().size();
        }
        long all = documents.counts().getOrDefault("documents", 0L);
        return bytes == 0 ? 0 : Math.round((double) all * shard.size() / bytes);
    }
}
