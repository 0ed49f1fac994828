package dev.athanor.preprocessing.augment;

import dev.athanor.artifacts.shards.DocumentShardReader;
import dev.athanor.artifacts.shards.DocumentShardWriter;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.error.Checks;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.AugmentSpec;
import dev.athanor.preprocessing.dedup.Fingerprint;
import dev.athanor.stage.api.Stage;
import dev.athanor.stage.api.StageContext;
import dev.athanor.stage.api.StageOutput;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** {@code preprocessing.augment}: the corpus as it is, and behind it, shard by shard, new documents made from it. */
public final class AugmentDocumentsStage implements Stage<AugmentSpec> {

    private final UnaryOperator<@Nullable String> environment;

    /** @param environment name of a variable to its value, or null: where the services are */
    public AugmentDocumentsStage(UnaryOperator<@Nullable String> environment) {
        this.environment = environment;
    }

    @Override
    public StageType type() {
        return StageType.AUGMENT;
    }

    @Override
    public List<TaskPlan> plan(StageContext<AugmentSpec> context) throws IOException {
        var plan = new ArrayList<TaskPlan>();
        if (context.round() == 0) {
            Checks.that(context.spec().agreement() == null, "agreement", "set", "null: documents have no labels");
            new Augmentation(context.spec(), context.seed(), context.store(), environment)
                    .close(); // refuses missing services
            for (ArtifactFile shard : context.input("documents").filesUnder("documents/")) {
                plan.add(new TaskPlan("augment-%05d".formatted(plan.size()), Json.tree(Map.of("shard", shard.name()))));
            }
        }
        return plan;
    }

    @Override
    public TaskOutput execute(TaskContext<AugmentSpec> context) throws IOException, InterruptedException {
        String shard = context.payload().get("shard").asString();
        Path file = context.workFolder().resolve("shard.jsonl.zst");
        long read = 0;
        long made;
        try (var augmentation = new Augmentation(context.spec(), context.seed(), context.store(), environment);
                var in = new DocumentShardReader(
                        context.store(), context.input("documents").file(shard));
                var out = new DocumentShardWriter(file)) {
            var seen = new HashSet<Fingerprint>();
            for (Document document : in) {
                context.checkStop();
                seen.add(Fingerprint.of(document.text()));
                for (Augmentation.Row row : augmentation.rows(document.id(), document.text(), null)) {
                    if (seen.add(Fingerprint.of(row.text()))) {
                        out.write(documentOf(document, row));
                    } else {
                        augmentation.drop("duplicate");
                    }
                }
                context.progress(++read, 0, "documents", shard);
            }
            made = out.records();
            var counts = new TreeMap<>(augmentation.counts());
            counts.put("documents.original", read);
            counts.put("documents.augmented", made);
            counts.put("documents", read + made);
            out.close();
            return new TaskOutput(
                    made == 0
                            ? List.of()
                            : List.of(new ArtifactFile("shard", context.store().put(file))),
                    counts,
                    Json.tree(Map.of()));
        }
    }

    private static Document documentOf(Document original, Augmentation.Row row) {
        String uri = original.uri() + "~" + row.method() + "-" + row.copy();
        var metadata = new TreeMap<>(original.metadata());
        metadata.put("augmented-by", row.method());
        metadata.put("augmented-from", original.id());
        return new Document(
                Document.idOf(original.source(), uri, row.text()),
                row.text(),
                original.mediaType(),
                original.source(),
                uri,
                original.licence(),
                original.language(),
                original.fetchedAt(),
                metadata);
    }

    @Override
    public StageOutput merge(StageContext<AugmentSpec> context) {
        var counts = new TreeMap<String, Long>();
        var files = new ArrayList<ArtifactFile>();
        context.input("documents").filesUnder("documents/").forEach(shard -> add(files, shard));
        for (TaskOutput output : context.outputs()) {
            output.counts().forEach((name, count) -> counts.merge(name, count, Long::sum));
            output.files().forEach(shard -> add(files, shard));
        }
        return new StageOutput(1, files, counts, context.input("documents").licences());
    }

    private static void add(List<ArtifactFile> files, ArtifactFile shard) {
        files.add(new ArtifactFile("documents/shard-%05d.jsonl.zst".formatted(files.size()), shard.blob()));
    }
}
