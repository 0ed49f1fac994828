package dev.athanor.contracts.spec;

import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.error.Checks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code ingestion.documents}: sources to raw document shards.
 *
 * @param shardBytes uncompressed JSONL bytes after which a shard is closed
 * @param maxFileBytes larger files (after decompression) are dead-lettered
 * @param maxDocumentBytes larger single documents (before decoding) are dead-lettered
 * @param policy licences and consent
 * @param previous an earlier corpus, or null: documents that it, or the ones before it, have unchanged (same source, URI and
 *     text) are counted as {@code documents.unchanged} and left out
 */
public record IngestDocumentsSpec(
        List<SourceSpec> sources,
        long shardBytes,
        long maxFileBytes,
        int maxDocumentBytes,
        IngestPolicy policy,
        @Nullable ArtifactId previous) {

    public static final IngestDocumentsSpec DEFAULTS = new IngestDocumentsSpec(
            List.of(new SourceSpec.Folder("corpus", "corpus", null, null)),
            128L << 20,
            1L << 30,
            32 << 20,
            IngestPolicy.DEFAULTS,
            null);

    public IngestDocumentsSpec {
        Checks.notEmpty("sources", sources);
        sources = List.copyOf(sources);
        Checks.that(
                sources.stream().map(SourceSpec::name).distinct().count() == sources.size(),
                "sources",
                sources.stream().map(SourceSpec::name).toList(),
                "distinct names");
        Checks.range("shardBytes", shardBytes, 1 << 10, 4L << 30);
        Checks.range("maxFileBytes", maxFileBytes, 1, 64L << 30);
        Checks.range("maxDocumentBytes", maxDocumentBytes, 1, 60 << 20);
        Checks.present("policy", policy);
    }
}
