package dev.athanor.preprocessing.clean;

import dev.athanor.artifacts.shards.DocumentShardReader;
import dev.athanor.artifacts.shards.DocumentShardWriter;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.CleanSpec;
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

/** One raw shard: every document by itself. */
final class FilterTask {

    private record Payload(String shard) {}

    private FilterTask() {}

    static List<TaskPlan> plan(StageContext<CleanSpec> context) {
        var plan = new ArrayList<TaskPlan>();
        for (ArtifactFile shard : TaskFiles.rawShards(context.input("documents"))) {
            plan.add(new TaskPlan("filter-%05d".formatted(plan.size()), Json.tree(new Payload(shard.name()))));
        }
        return plan;
    }

    static TaskOutput execute(TaskContext<CleanSpec> context, UnaryOperator<@Nullable String> environment)
            throws IOException, InterruptedException {
        String shard = context.payload().get("shard").asString();
        var cleaner = new DocumentCleaner(context.spec(), context.store(), environment);
        var counts = new TreeMap<String, Long>();
        var samples = new DropSamples();
        var licences = new TreeSet<String>();
        var fingerprints = new FingerprintWriter();
        var bands = new FingerprintWriter();
        var minHash = new MinHash(context.spec().minHash());
        int kept = 0;
        Path file = context.workFolder().resolve(TaskFiles.DOCUMENTS);
        long bytes;
        try (var in = new DocumentShardReader(
                        context.store(), context.input("documents").file(shard));
                var out = new DocumentShardWriter(file)) {
            long read = 0;
            for (Document raw : in) {
                context.checkStop();
                context.progress(++read, 0, "documents", shard);
                switch (cleaner.clean(raw)) {
                    case DocumentCleaner.Kept(Document document) -> {
                        out.write(document);
                        if (context.spec().exactDedup()) {
                            fingerprints.add(Fingerprint.of(document.text()), kept);
                        }
                        if (context.spec().nearDedup()) {
                            for (Fingerprint band : minHash.bands(document.text())) {
                                bands.add(band, kept);
                            }
                        }
                        kept++;
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
        var files = new ArrayList<ArtifactFile>();
        files.add(new ArtifactFile(TaskFiles.DOCUMENTS, context.store().put(file)));
        files.add(new ArtifactFile(TaskFiles.SAMPLES, context.store().put(samples.toBytes())));
        if (context.spec().exactDedup()) {
            files.add(store(context, TaskFiles.FINGERPRINTS, fingerprints));
        }
        if (context.spec().nearDedup()) {
            files.add(store(context, TaskFiles.BANDS, bands));
        }
        if (!cleaner.contamination().isEmpty()) {
            files.add(new ArtifactFile(
                    TaskFiles.CONTAMINATION, context.store().put(Json.canonicalBytes(cleaner.contamination()))));
        }
        return new TaskOutput(files, counts, Json.tree(Map.of("bytes", bytes, "licences", licences)));
    }

    private static ArtifactFile store(TaskContext<CleanSpec> context, String name, FingerprintWriter fingerprints)
            throws IOException {
        Path file = context.workFolder().resolve(name);
        fingerprints.write(file);
        return new ArtifactFile(name, context.store().put(file));
    }
}
