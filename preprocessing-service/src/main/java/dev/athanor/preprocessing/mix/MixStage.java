package dev.athanor.preprocessing.mix;

import dev.athanor.artifacts.shards.DocumentShardReader;
import dev.athanor.artifacts.shards.DocumentShardWriter;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.BlobRef;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.error.Checks;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.MixSpec;
import dev.athanor.stage.api.Stage;
import dev.athanor.stage.api.StageContext;
import dev.athanor.stage.api.StageOutput;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * {@code preprocessing.mix}. Rounds: count each shard's characters by group; write each shard once for every epoch that some
 * group needs. In the last, partial epoch of a group a hash of seed, epoch and id decides for each document, so nothing depends on who
 * does which shard. The first epoch's shards come first.
 */
public final class MixStage implements Stage<MixSpec> {

    private record Payload(String shard, String sha256, long size, int epoch, double[] epochs) {}

    @Override
    public StageType type() {
        return StageType.MIX;
    }

    @Override
    public List<TaskPlan> plan(StageContext<MixSpec> context) throws IOException {
        if (context.round() > 1) {
            return List.of();
        }
        List<ArtifactFile> shards = shards(context);
        double[] epochs = context.round() == 0 ? new double[0] : epochs(context);
        int rounds = 1;
        for (double epoch : epochs) {
            rounds = Math.max(rounds, (int) Math.ceil(epoch));
        }
        var plan = new ArrayList<TaskPlan>();
        for (int epoch = 0; epoch < rounds; epoch++) {
            for (int i = 0; i < shards.size(); i++) {
                BlobRef blob = shards.get(i).blob();
                plan.add(new TaskPlan(
                        (context.round() == 0 ? "count-%05d" : "mix-%05d-%03d").formatted(i, epoch),
                        Json.tree(new Payload(shards.get(i).name(), blob.sha256(), blob.size(), epoch, epochs))));
            }
        }
        return plan;
    }

    private static List<ArtifactFile> shards(StageContext<MixSpec> context) throws IOException {
        var shards = new ArrayList<>(context.input("documents").filesUnder("documents/"));
        for (int i = 0; i < context.spec().also().size(); i++) {
            ArtifactId id = context.spec().also().get(i);
            Manifest corpus = context.store().manifest(id);
            Checks.that(
                    corpus.kind() == ArtifactKind.CLEAN_DOCUMENTS,
                    "also[" + i + "]",
                    corpus.kind().slug(),
                    "an artifact of kind " + ArtifactKind.CLEAN_DOCUMENTS.slug());
            shards.addAll(corpus.filesUnder("documents/"));
        }
        return shards;
    }

    private static double[] epochs(StageContext<MixSpec> context) {
        var groups = new Groups(context.spec());
        var characters = new long[groups.size()];
        for (TaskOutput output : context.outputs(0)) {
            for (int i = 0; i < characters.length; i++) {
                characters[i] += output.data().get("characters").get(i).asLong();
            }
        }
        return groups.epochs(characters);
    }

    @Override
    public TaskOutput execute(TaskContext<MixSpec> context) throws IOException, InterruptedException {
        Payload payload = Json.MAPPER.treeToValue(context.payload(), Payload.class);
        try (var documents = new DocumentShardReader(context.store(), new BlobRef(payload.sha256(), payload.size()))) {
            return context.round() == 0 ? count(context, documents) : mix(context, payload, documents);
        }
    }

    private static TaskOutput count(TaskContext<MixSpec> context, DocumentShardReader documents)
            throws InterruptedException {
        var groups = new Groups(context.spec());
        var characters = new long[groups.size()];
        long read = 0;
        for (Document document : documents) {
            context.checkStop();
            context.progress(++read, 0, "documents", context.name());
            characters[groups.of(document)] += characters(document);
        }
        return new TaskOutput(
                List.of(), new TreeMap<>(Map.of("documents.in", read)), Json.tree(Map.of("characters", characters)));
    }

    private static TaskOutput mix(TaskContext<MixSpec> context, Payload payload, DocumentShardReader documents)
            throws IOException, InterruptedException {
        var groups = new Groups(context.spec());
        var counts = new TreeMap<String, Long>();
        var licences = new TreeSet<String>();
        Path file = context.workFolder().resolve("shard.jsonl.zst");
        long written;
        try (var out = new DocumentShardWriter(file)) {
            for (Document document : documents) {
                context.checkStop();
                int group = groups.of(document);
                if (!occurs(document, payload.epochs()[group], payload.epoch(), context.seed())) {
                    if (payload.epoch() == 0) {
                        counts.merge("documents.dropped.not-sampled", 1L, Long::sum);
                    }
                    continue;
                }
                out.write(payload.epoch() == 0 ? document : document.withMetadata("epoch", "" + payload.epoch()));
                String mixed = "mixed." + groups.name(group);
                counts.merge(mixed + ".documents", 1L, Long::sum);
                counts.merge(mixed + ".characters", characters(document), Long::sum);
                counts.merge("documents", 1L, Long::sum);
                counts.merge("characters", characters(document), Long::sum);
                if (document.licence() != null) {
                    licences.add(document.licence());
                }
                context.progress(out.records(), 0, "documents", context.name());
            }
            written = out.records();
        }
        List<ArtifactFile> files = written == 0
                ? List.of()
                : List.of(new ArtifactFile("shard", context.store().put(file)));
        return new TaskOutput(files, counts, Json.tree(Map.of("licences", licences)));
    }

    /** Whole epochs have every document; of the rest a share is chosen by hash. */
    private static boolean occurs(Document document, double epochs, int epoch, long seed) {
        double share = epochs - epoch;
        if (share >= 1 || share <= 0) {
            return share >= 1;
        }
        String key = seed + "\u0000" + epoch + "\u0000" + document.id();
        long hash = ByteBuffer.wrap(Json.sha256().digest(key.getBytes(StandardCharsets.UTF_8)))
                .getLong();
        return (hash >>> 11) * 0x1p-53 < share;
    }

    private static long characters(Document document) {
        return document.text().codePointCount(0, document.text().length());
    }

    @Override
    public StageOutput merge(StageContext<MixSpec> context) {
        var counts = new TreeMap<String, Long>();
        var files = new ArrayList<ArtifactFile>();
        var licences = new TreeSet<String>();
        for (TaskOutput output : context.outputs()) {
            output.counts().forEach((name, count) -> counts.merge(name, count, Long::sum));
            output.data().path("licences").forEach(licence -> licences.add(licence.asString()));
            output.files().forEach(file -> {
                String name = "documents/shard-%05d.jsonl.zst".formatted(files.size());
                files.add(new ArtifactFile(name, file.blob()));
            });
        }
        var groups = new Groups(context.spec());
        double[] epochs = epochs(context);
        for (int i = 0; i < epochs.length; i++) {
            counts.put("mixed." + groups.name(i) + ".epochs-per-mille", Math.round(epochs[i] * 1000));
        }
        return new StageOutput(1, files, counts, List.copyOf(licences));
    }
}
