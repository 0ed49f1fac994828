package dev.athanor.ingestion.documents;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.artifacts.ledger.LedgerEntry;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.BlobRef;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.IngestDocumentsSpec;
import dev.athanor.contracts.spec.SourceSpec;
import dev.athanor.ingestion.content.BadContentException;
import dev.athanor.ingestion.content.DeadLetterReason;
import dev.athanor.ingestion.content.Limits;
import dev.athanor.ingestion.content.Output;
import dev.athanor.ingestion.http.Web;
import dev.athanor.ingestion.ledger.Known;
import dev.athanor.ingestion.ledger.Validator;
import dev.athanor.ingestion.source.Connectors;
import dev.athanor.ingestion.source.Item;
import dev.athanor.stage.api.Stage;
import dev.athanor.stage.api.StageContext;
import dev.athanor.stage.api.StageOutput;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code ingestion.documents}. Round 0 reads what the sources name; what is found there (pages of a listing, links) is read
 * in round 1, and so on until nothing new turns up. The artifact holds {@code documents/*.jsonl.zst},
 * {@code ledger.jsonl.zst} and {@code dead-letters.jsonl.zst}.
 */
public final class IngestDocumentsStage implements Stage<IngestDocumentsSpec> {

    static final String DEAD_LETTERS = "dead-letters.jsonl.zst";

    private static final int SCHEMA_VERSION = 1;
    private static final int TASK_ITEMS = 1000;
    private static final int ROUND_TASKS = 16;
    private static final long MIN_TASK_BYTES = 4L << 20;
    private static final int MAX_ROUNDS = 200;

    private final Connectors connectors;
    private final Web web;
    private final LongSupplier nanoTime;

    /** @param nanoTime for the time limit of one file */
    public IngestDocumentsStage(Connectors connectors, Web web, LongSupplier nanoTime) {
        this.connectors = connectors;
        this.web = web;
        this.nanoTime = nanoTime;
    }

    /** @param items blob with the items to read */
    record Payload(int source, BlobRef items) {}

    /** @param found blob with the items found on the way, or null */
    record Outcome(
            int source,
            @Nullable BlobRef found,
            @Nullable BlobRef ledger,
            @Nullable BlobRef deadLetters,
            @Nullable BlobRef validators,
            List<String> licences) {}

    @Override
    public StageType type() {
        return StageType.INGEST_DOCUMENTS;
    }

    @Override
    public List<TaskPlan> plan(StageContext<IngestDocumentsSpec> context) throws IOException {
        List<TaskPlan> tasks = new ArrayList<>();
        if (context.round() > MAX_ROUNDS) {
            return tasks;
        }
        List<SourceSpec> sources = context.spec().sources();
        for (int i = 0; i < sources.size(); i++) {
            List<Item> items = context.round() == 0 ? seeds(sources.get(i), i) : found(context, i);
            long bytes = items.stream().mapToLong(Item::size).sum();
            long taskBytes = Math.clamp(
                    bytes / ROUND_TASKS,
                    Math.min(MIN_TASK_BYTES, context.spec().shardBytes()),
                    context.spec().shardBytes());
            for (List<Item> group : Items.group(items, taskBytes, TASK_ITEMS)) {
                tasks.add(new TaskPlan(
                        String.format(Locale.ROOT, "r%02d-%05d", context.round(), tasks.size()),
                        Json.tree(new Payload(i, Items.put(context.store(), group)))));
            }
        }
        return tasks;
    }

    private List<Item> seeds(SourceSpec source, int index) throws IOException {
        try {
            return connectors.bind(source).seeds();
        } catch (AthanorException e) {
            throw e.under("sources[" + index + "]");
        }
    }

    /** What the round before found in this source and no round before that, up to the most that the source allows. */
    private List<Item> found(StageContext<IngestDocumentsSpec> context, int source) throws IOException {
        Connectors.Bound<?> connector = connectors.bind(context.spec().sources().get(source));
        List<Item> latest = List.of();
        Set<String> seen = new HashSet<>();
        long taken = 0;
        for (int round = 0; round < context.round(); round++) {
            List<Item> items = new ArrayList<>();
            for (TaskOutput output : context.outputs(round)) {
                Outcome outcome = outcome(output);
                if (outcome.source() == source && outcome.found() != null) {
                    items.addAll(Items.get(context.store(), outcome.found()));
                }
            }
            if (round == 0 && !items.isEmpty()) {
                connector.seeds().forEach(seed -> seen.add(seed.uri()));
            }
            latest = items.stream()
                    .filter(item -> seen.add(item.uri()))
                    .limit(connector.maxItems() - taken)
                    .toList();
            taken += latest.size();
        }
        return latest;
    }

    @Override
    public TaskOutput execute(TaskContext<IngestDocumentsSpec> context) throws IOException, InterruptedException {
        IngestDocumentsSpec spec = context.spec();
        Payload payload = Json.MAPPER.treeToValue(context.payload(), Payload.class);
        SourceSpec source = spec.sources().get(payload.source());
        List<Item> items = Items.get(context.store(), payload.items());
        Connectors.Bound<?> connector = connectors.bind(source);
        Limits limits =
                Limits.DEFAULTS.withMaxFileBytes(spec.maxFileBytes()).withMaxDocumentBytes(spec.maxDocumentBytes());
        Known known = Known.of(context.store(), spec.previous(), source.name());
        try (var corpus = new Corpus(
                context.name(),
                spec.shardBytes(),
                new Policy(spec.policy()),
                known,
                context.workFolder(),
                context.store())) {
            var fetches = new Fetches(web, context.scratch(), context.workFolder());
            var reading = new TaskReading(
                    source, source.textColumn(), limits, corpus, known, context, nanoTime, fetches, web.gate());
            long total =
                    items.stream().mapToLong(item -> Math.max(1, item.size())).sum();
            boolean sized = items.stream().anyMatch(item -> item.size() > 0);
            long done = 0;
            for (Item item : items) {
                context.checkStop();
                read(connector, item, reading, corpus, source.name());
                corpus.count("items");
                done += Math.max(1, item.size());
                context.progress(
                        done,
                        total,
                        sized ? "bytes" : "items",
                        source.name() + ": " + corpus.counts().getOrDefault("documents", 0L) + " documents");
            }
            Corpus.Finished finished = corpus.finish();
            List<Item> found = reading.found();
            return new TaskOutput(
                    finished.shards(),
                    finished.counts(),
                    Json.tree(new Outcome(
                            payload.source(),
                            found.isEmpty() ? null : Items.put(context.store(), found),
                            finished.ledger(),
                            finished.deadLetters(),
                            finished.validators(),
                            finished.licences())));
        }
    }

    private static void read(
            Connectors.Bound<?> connector, Item item, TaskReading reading, Corpus corpus, String source)
            throws IOException, InterruptedException {
        try {
            connector.read(item, reading);
        } catch (BadContentException e) {
            corpus.deadLetter(source, item.uri(), e.reason(), String.valueOf(e.getMessage()));
        } catch (IOException e) {
            corpus.deadLetter(source, item.uri(), DeadLetterReason.UNREADABLE, String.valueOf(e.getMessage()));
        } catch (TaskReading.OutputException e) {
            throw new IOException(e.getCause());
        } catch (Output.Failure e) {
            switch (e.failure()) {
                case IOException io -> throw io;
                case InterruptedException stopped -> throw stopped;
                default -> throw e;
            }
        }
    }

    @Override
    public StageOutput merge(StageContext<IngestDocumentsSpec> context) throws IOException {
        List<ArtifactFile> files = new ArrayList<>();
        var counts = new TreeMap<String, Long>();
        var licences = new TreeSet<String>();
        List<BlobRef> ledgers = new ArrayList<>();
        List<BlobRef> deadLetters = new ArrayList<>();
        List<BlobRef> validators = new ArrayList<>();
        for (TaskOutput output : context.outputs()) {
            files.addAll(output.files());
            output.counts().forEach((name, n) -> counts.merge(name, n, Long::sum));
            Outcome outcome = outcome(output);
            licences.addAll(outcome.licences());
            add(ledgers, outcome.ledger());
            add(deadLetters, outcome.deadLetters());
            add(validators, outcome.validators());
        }
        if (files.isEmpty()
                && !counts.containsKey("documents.unchanged")
                && !counts.containsKey(TaskReading.UNCHANGED)) {
            throw new AthanorException(
                    ErrorCode.INVALID_SPEC, "sources: expected at least one readable document, got only " + counts);
        }
        files.add(new ArtifactFile(LedgerEntry.FILE, join(context.store(), ledgers)));
        files.add(new ArtifactFile(DEAD_LETTERS, join(context.store(), deadLetters)));
        if (!validators.isEmpty()) {
            files.add(new ArtifactFile(Validator.FILE, join(context.store(), validators)));
        }
        return new StageOutput(SCHEMA_VERSION, files, counts, List.copyOf(licences));
    }

    private static Outcome outcome(TaskOutput output) {
        return Json.MAPPER.treeToValue(output.data(), Outcome.class);
    }

    private static void add(List<BlobRef> blobs, @Nullable BlobRef blob) {
        if (blob != null) {
            blobs.add(blob);
        }
    }

    private static BlobRef join(ArtifactStore store, List<BlobRef> parts) throws IOException {
        Path joined = Files.createTempFile("athanor-", ".jsonl.zst");
        try {
            try (OutputStream out = Files.newOutputStream(joined)) {
                for (BlobRef part : parts) {
                    try (InputStream in = store.open(part)) {
                        in.transferTo(out);
                    }
                }
            }
            return store.put(joined);
        } finally {
            Files.deleteIfExists(joined);
        }
    }
}
