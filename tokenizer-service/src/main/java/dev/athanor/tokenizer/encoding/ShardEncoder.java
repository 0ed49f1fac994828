package dev.athanor.tokenizer.encoding;

import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.spec.EncodeSpec;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.tokenizers.Tokenizer;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.SortedMap;

/** Makes the token shards, and what lies beside them, of one document shard. */
interface ShardEncoder extends Closeable {

    void add(Document document) throws IOException;

    /** Puts what was made into the store, and adds its files and counts. */
    void publish(String shard, List<ArtifactFile> files, SortedMap<String, Long> counts) throws IOException;

    static ShardEncoder of(TaskContext<EncodeSpec> context, Tokenizer tokenizer, OovCounts oov) throws IOException {
        return context.spec().packing().equals("sentence-pairs")
                ? new SentencePairEncoder(context, tokenizer, oov)
                : new DocumentEncoder(context, tokenizer, oov);
    }
}
