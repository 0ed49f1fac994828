package dev.athanor.artifacts.shards;

import dev.athanor.contracts.document.LabelledExample;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** A shard of {@link LabelledExample}s. */
public final class LabelledShardWriter extends ShardWriter<LabelledExample> {

    /** @param file must not exist yet */
    public LabelledShardWriter(Path file) throws IOException {
        super(file);
    }

    public LabelledShardWriter(OutputStream to) throws IOException {
        super(to);
    }
}
