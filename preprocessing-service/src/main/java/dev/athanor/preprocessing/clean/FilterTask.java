package dev.athanor.preprocessing.clean;

import dev.athanor.artifacts.shards.DocumentShardReader;
import dev.athanor.artifacts.shards.DocumentShardWriter;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.BlobRef;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.error.Checks;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.CleanSpec;
import dev.athanor.preprocessing.dedup.CanonicalUrl;
import dev.athanor.preprocessing.dedup.Fingerprint;
import dev.athanor.preprocessing.dedup.FingerprintWriter;
import dev.athanor.preprocessing.dedup.MinHash;
import dev.athanor.stage.api.StageContext;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One raw shard: every document by itself. A shard of an earlier corpus: its fingerprints only. */
final class FilterTask {

    /** Field of an output's data: documents in it. */
    static final String DATA_DOCUMENTS = "documents";
    /** Field of an output's data: code points in the documents that were kept. */
    static final String DATA_CHARACTERS = "characters";

    /** Field of an output's data: whether it is a shard of an earlier corpus. */
    static final String DATA_PREVIOUS = "previous";

    /** @param artifact an earlier corpus, or null for the raw documents */
    private record Payload(@Nullable String artifact, String shard) {}

    private FilterTask() {}

    /** Shards of earlier corpora come first, so that of copies theirs stay. */
    static List<TaskPlan> plan(StageContext<CleanSpec> context) throws IOException {
        var plan = new ArrayList<TaskPlan>();
        for (int i = 0; i < context.spec().dedup().previous().size(); i++) {
            ArtifactId id = context.spec().dedup().previous().get(i);
            Manifest previous = context.store().manifest(id);
            Checks.that(
                    previous.kind() == ArtifactKind.CLEAN_DOCUMENTS,
                    "dedup.previous[" + i + "]",
                    previous.kind().slug(),
                    "an artifact of kind " + ArtifactKind.CLEAN_DOCUMENTS.slug());
            for (ArtifactFile shard : TaskFiles.rawShards(previous)) {
                plan.add(new TaskPlan(
                        "previous-%05d".formatted(plan.size()), Json.tree(new Payload(id.value(), shard.name()))));
            }
        }
        for (ArtifactFile shard : TaskFiles.rawShards(context.input("documents"))) {
            plan.add(new TaskPlan("filter-%05d".formatted(plan.size()), Json.tree(new Payload(null, shard.name()))));
        }
        return plan;
    }

    static TaskOutput execute(TaskContext<CleanSpec> context, UnaryOperator<@Nullable String> environment)
            throws IOException, InterruptedException {
        String shard = context.payload().get("shard").asString();
        return context.payload().get("artifact").isNull()
                ? raw(context, environment, shard)
                : previous(
                        context,
                        new ArtifactId(context.payload().get("artifact").asString()),
                        shard);
    }

    private static TaskOutput raw(
            TaskContext<CleanSpec> context, UnaryOperator<@Nullable String> environment, String shard)
            throws IOException, InterruptedException {
        var cleaner = new DocumentCleaner(context.spec(), context.store(), environment);
        var counts = new TreeMap<String, Long>();
        var samples = new DropSamples();
        var licences = new TreeSet<String>();
        var fingerprints = new Fingerprints(context);
        int kept = 0;
        long characters = 0;
        Path file = context.workFolder().resolve(TaskFiles.DOCUMENTS);
        long bytes;
        try (var in = new DocumentShardReader(
                        context.store(), context.input("documents").file(shard));
                var out = DocumentShardWriter.quick(file)) {
            long read = 0;
            while (in.nextLine()) {
                Document raw = in.record();
                context.checkStop();
                context.progress(++read, 0, "documents", shard);
                switch (cleaner.clean(raw)) {
                    case DocumentCleaner.Kept(Document document) -> {
                        if (document == raw) {
                            out.copy(in);
                        } else {
                            out.write(document);
                        }
                        fingerprints.add(document, kept++);
                        characters += document.text()
                                .codePointCount(0, document.text().length());
                        if (document.licence() != null) {
                            licences.add(document.licence());
                        }
                    }
                    case DocumentCleaner.Dropped(Document document, String step, String reason) -> {
                        counts.merge("documents.dropped." + reason, 1L, Long::sum);
                        samples.add(DropSample.of(cleaner.forSample(document), step, reason));
                    }
                }
            }
            cleaner.counts().forEach((name, count) -> counts.merge(name, count, Long::sum));
            counts.put("documents.in", read);
            counts.put("documents.filtered", (long) kept);
            bytes = out.jsonBytes();
        }
        List<ArtifactFile> files = fingerprints.store();
        files.add(new ArtifactFile(TaskFiles.DOCUMENTS, context.store().put(file)));
        files.add(new ArtifactFile(TaskFiles.SAMPLES, context.store().put(samples.toBytes())));
        if (!cleaner.contamination().isEmpty()) {
            files.add(new ArtifactFile(
                    TaskFiles.CONTAMINATION, context.store().put(Json.canonicalBytes(cleaner.contamination()))));
        }
        return new TaskOutput(
                files,
                counts,
                Json.tree(Map.of(
                        "bytes", bytes, DATA_DOCUMENTS, kept, DATA_CHARACTERS, characters, "licences", licences)));
    }

    /** The fingerprints of a shard that is clean already. */
    private static TaskOutput previous(TaskContext<CleanSpec> context, ArtifactId corpus, String shard)
            throws IOException, InterruptedException {
        BlobRef blob = context.store().manifest(corpus).file(shard);
        var fingerprints = new Fingerprints(context);
        int read = 0;
        try (var in = new DocumentShardReader(context.store(), blob)) {
            for (Document document : in) {
                context.checkStop();
                fingerprints.add(document, read++);
                context.progress(read, 0, "documents", shard);
            }
        }
        List<ArtifactFile> files = fingerprints.store();
        files.add(new ArtifactFile(TaskFiles.DOCUMENTS, blob));
        return new TaskOutput(
                files, new TreeMap<>(), Json.tree(Map.of("bytes", 0, DATA_DOCUMENTS, read, DATA_PREVIOUS, true)));
    }

    /** What finds copies of whole documents. */
    private static final class Fingerprints {

        private final TaskContext<CleanSpec> context;
        private final FingerprintWriter texts;
        private final FingerprintWriter urls;
        private final FingerprintWriter bands;
        private final MinHash minHash;

        Fingerprints(TaskContext<CleanSpec> context) {
            this.context = context;
            texts = new FingerprintWriter(context.workFolder(), TaskFiles.FINGERPRINTS);
            urls = new FingerprintWriter(context.workFolder(), TaskFiles.URLS);
            bands = new FingerprintWriter(context.workFolder(), TaskFiles.BANDS);
            minHash = new MinHash(context.spec().minHash());
        }

        void add(Document document, int index) {
            if (context.spec().exactDedup()) {
                texts.add(Fingerprint.of(document.text()), index);
            }
            String url = context.spec().dedup().urls() ? CanonicalUrl.of(document.uri()) : null;
            if (url != null) {
                urls.add(Fingerprint.of(url), index);
            }
            if (context.spec().nearDedup()) {
                for (Fingerprint band : minHash.bands(document.text())) {
                    bands.add(band, index);
                }
            }
        }

        List<ArtifactFile> store() throws IOException {
            var files = new ArrayList<ArtifactFile>();
            if (context.spec().exactDedup()) {
                files.add(TaskFiles.store(context, TaskFiles.FINGERPRINTS, texts));
            }
            if (context.spec().dedup().urls()) {
                files.add(TaskFiles.store(context, TaskFiles.URLS, urls));
            }
            if (context.spec().nearDedup()) {
                files.add(TaskFiles.store(context, TaskFiles.BANDS, bands));
            }
            return files;
        }
    }
}
