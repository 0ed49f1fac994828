package dev.athanor.ingestion.documents;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.artifacts.ledger.LedgerEntry;
import dev.athanor.artifacts.shards.DocumentShardWriter;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.BlobRef;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.json.Json;
import dev.athanor.ingestion.content.DeadLetterReason;
import dev.athanor.ingestion.ledger.Known;
import dev.athanor.ingestion.ledger.Validator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What one task adds to the corpus: shards of documents, their ledger, the dead letters, and counts. */
final class Corpus implements AutoCloseable {

    /** Dead letters that are written down, for each reason; all are counted. */
    private static final int MAX_LISTED = 1000;

    private final String task;
    private final long shardBytes;
    private final Policy policy;
    private final Known known;
    private final Path folder;
    private final ArtifactStore store;
    private final LinesFile ledger;
    private final LinesFile deadLetters;
    private final LinesFile validators;
    private final SortedMap<String, Long> counts = new TreeMap<>();
    private final TreeSet<String> licences = new TreeSet<>();
    private final List<ArtifactFile> files = new ArrayList<>();
    private final Map<DeadLetterReason, Integer> listed = new EnumMap<>(DeadLetterReason.class);
    private @Nullable DocumentShardWriter shard;

    /** @param task unique in the stage and fit for file names */
    Corpus(String task, long shardBytes, Policy policy, Known known, Path folder, ArtifactStore store)
            throws IOException {
        this.task = task;
        this.shardBytes = shardBytes;
        this.policy = policy;
        this.known = known;
        this.folder = folder;
        this.store = store;
        this.ledger = new LinesFile(folder.resolve("ledger.jsonl.zst"));
        this.deadLetters = new LinesFile(folder.resolve("dead-letters.jsonl.zst"));
        this.validators = new LinesFile(folder.resolve("validators.jsonl.zst"));
    }

    void add(Document document, String format) throws IOException {
        DeadLetterReason refusal = policy.refusal(document);
        if (refusal != null) {
            count("documents.dropped." + refusal.slug());
            list(document.source(), document.uri(), refusal, String.valueOf(document.licence()));
            return;
        }
        byte[] utf8 = document.text().getBytes(StandardCharsets.UTF_8);
        String textSha256 = Json.sha256Hex(utf8);
        if (known.has(document.uri(), textSha256)) {
            count("documents.unchanged");
            return;
        }
        if (shard == null) {
            shard = new DocumentShardWriter(folder.resolve("shard-" + files.size() + ".jsonl.zst"));
        }
        try {
            shard.write(document);
        } catch (AthanorException e) {
            if (e.code() != ErrorCode.PAYLOAD_TOO_LARGE) {
                throw e;
            }
            deadLetter(document.source(), document.uri(), DeadLetterReason.TOO_LARGE, String.valueOf(e.getMessage()));
            return;
        }
        ledger.write(new LedgerEntry(
                document.id(),
                document.source(),
                document.uri(),
                document.licence(),
                document.metadata().get(Policy.LICENCE_DETECTED),
                Policy.consent(document),
                document.fetchedAt(),
                textSha256,
                shardName()));
        count("documents");
        count("documents.source." + document.source());
        count("documents.format." + format);
        counts.merge("text.bytes", (long) utf8.length, Long::sum);
        if (document.licence() != null) {
            licences.add(document.licence());
        }
        if (shard.jsonBytes() >= shardBytes) {
            closeShard();
        }
    }

    void deadLetter(String source, String uri, DeadLetterReason reason, String detail) throws IOException {
        count("documents.dead-letter." + reason.slug());
        list(source, uri, reason, detail);
    }

    /** By what the next version of the corpus can ask whether this has changed. */
    void validator(Validator validator) throws IOException {
        validators.write(validator);
    }

    /** Documents that came in or were there before. */
    long good() {
        return counts.getOrDefault("documents", 0L) + counts.getOrDefault("documents.unchanged", 0L);
    }

    void count(String name) {
        counts.merge(name, 1L, Long::sum);
    }

    private void list(String source, String uri, DeadLetterReason reason, String detail) throws IOException {
        if (listed.merge(reason, 1, Integer::sum) <= MAX_LISTED) {
            deadLetters.write(new DeadLetter(source, uri, reason.slug(), detail));
        }
    }

    private String shardName() {
        return String.format(Locale.ROOT, "documents/%s-%05d.jsonl.zst", task, files.size());
    }

    private void closeShard() throws IOException {
        DocumentShardWriter open = shard;
        if (open == null) {
            return;
        }
        open.close();
        String name = shardName();
        files.add(new ArtifactFile(name, store.put(folder.resolve("shard-" + files.size() + ".jsonl.zst"))));
        shard = null;
    }

    SortedMap<String, Long> counts() {
        return counts;
    }

    /** Closes everything; nothing may be added afterwards. */
    Finished finish() throws IOException {
        closeShard();
        ledger.close();
        deadLetters.close();
        validators.close();
        return new Finished(
                files,
                counts,
                List.copyOf(licences),
                ledger.lines() == 0 ? null : store.put(ledger.file()),
                deadLetters.lines() == 0 ? null : store.put(deadLetters.file()),
                validators.lines() == 0 ? null : store.put(validators.file()));
    }

    record Finished(
            List<ArtifactFile> shards,
            SortedMap<String, Long> counts,
            List<String> licences,
            @Nullable BlobRef ledger,
            @Nullable BlobRef deadLetters,
            @Nullable BlobRef validators) {}

    @Override
    public void close() throws IOException {
        if (shard != null) {
            shard.close();
        }
        ledger.close();
        deadLetters.close();
        validators.close();
    }
}
