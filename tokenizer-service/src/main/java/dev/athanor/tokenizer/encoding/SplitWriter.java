package dev.athanor.tokenizer.encoding;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.tokenizers.shards.TokenShardWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;

/** The token shard of one split (train or validation) that one task writes. */
final class SplitWriter implements AutoCloseable {

    private final String split;
    private final Path file;
    private final TokenShardWriter writer;
    private long bytes;

    SplitWriter(String split, Path folder, int vocabularySize, byte[] tokenizerFingerprint) throws IOException {
        this.split = split;
        this.file = folder.resolve(split + ".tokens");
        this.writer = new TokenShardWriter(file, vocabularySize, tokenizerFingerprint);
    }

    void add(int[] ids, int from, int to, long textBytes) throws IOException {
        if (to > from) {
            writer.addDocument(ids, from, to);
            bytes += textBytes;
        }
    }

    /** Finishes the shard and puts it into the store, unless it is empty, and adds its counts. */
    void publish(ArtifactStore store, String name, List<ArtifactFile> files, SortedMap<String, Long> counts)
            throws IOException {
        writer.finish();
        counts.put("tokens." + split, writer.tokens());
        counts.put("bytes." + split, bytes);
        if (writer.tokens() > 0) {
            files.add(new ArtifactFile(split + "/" + name, store.put(file)));
        }
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
