package dev.athanor.tokenizer.encoding;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.spec.EncodeSpec;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.tokenizers.IntList;
import dev.athanor.tokenizers.Tokenizer;
import dev.athanor.tokenizers.packing.FirstFit;
import dev.athanor.tokenizers.packing.PackingIndex;
import dev.athanor.tokenizers.packing.PairIndex;
import dev.athanor.tokenizers.shards.TokenShardWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;

/** The token shard of one split (train or validation) that one task writes, and the index beside it. */
final class SplitWriter implements AutoCloseable {

    private final String split;
    private final ArtifactStore store;
    private final Path file;
    private final Path indexFile;
    private final TokenShardWriter writer;
    private final IntList lengths = new IntList();
    private long bytes;

    private SplitWriter(String split, ArtifactStore store, Path folder, int vocabularySize, byte[] fingerprint)
            throws IOException {
        this.split = split;
        this.store = store;
        file = folder.resolve(split + ".tokens");
        indexFile = folder.resolve(split + ".index");
        writer = new TokenShardWriter(file, vocabularySize, fingerprint);
    }

    static SplitWriter of(String split, TaskContext<EncodeSpec> context, Tokenizer tokenizer) throws IOException {
        String sha256 = context.input("tokenizer").file("tokenizer.json").sha256();
        return new SplitWriter(
                split,
                context.store(),
                context.workFolder(),
                tokenizer.vocabSize(),
                HexFormat.of().parseHex(sha256));
    }

    void add(int[] ids, int from, int to, long textBytes) throws IOException {
        if (to > from) {
            writer.addDocument(ids, from, to);
            lengths.add(to - from);
            bytes += textBytes;
        }
    }

    /** Finishes the shard and puts it into the store, unless it is empty, and adds its counts. */
    void publish(String shard, List<ArtifactFile> files, SortedMap<String, Long> counts) throws IOException {
        writer.finish();
        counts.put("tokens." + split, writer.tokens());
        counts.put("bytes." + split, bytes);
        if (writer.tokens() > 0) {
            files.add(new ArtifactFile(split + "/" + shard + ".tokens", store.put(file)));
        }
    }

    /** Packs the documents of the finished shard. */
    void publishPacked(String shard, int length, List<ArtifactFile> files, SortedMap<String, Long> counts)
            throws IOException {
        PackingIndex index = new PackingIndex(length, FirstFit.pack(lengths.toArray(), length));
        counts.put("sequences." + split, (long) index.sequences().size());
        if (writer.tokens() > 0) {
            index.write(indexFile);
            files.add(new ArtifactFile("packing/" + split + "/" + shard + ".packing", store.put(indexFile)));
        }
    }

    /** Says what the finished shard's examples are. */
    void publishPairs(String shard, PairIndex index, List<ArtifactFile> files, SortedMap<String, Long> counts)
            throws IOException {
        counts.put("pairs." + split, (long) index.examples().size());
        if (writer.tokens() > 0) {
            index.write(indexFile);
            files.add(new ArtifactFile("packing/" + split + "/" + shard + ".pairs", store.put(indexFile)));
        }
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
