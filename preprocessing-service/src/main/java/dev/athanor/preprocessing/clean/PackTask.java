package dev.athanor.preprocessing.clean;

import dev.athanor.artifacts.shards.DocumentShardReader;
import dev.athanor.artifacts.shards.DocumentShardWriter;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.CleanSpec;
import dev.athanor.preprocessing.dedup.Position;
import dev.athanor.stage.api.StageContext;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A run of filtered shards, without the copies, as clean shards of about the wanted size. */
final class PackTask {

    private record Payload(int fromShard, int toShard) {}

    private PackTask() {}

    /** Shards next to each other go together until they are as large as a clean shard should be. */
    static List<TaskPlan> plan(StageContext<CleanSpec> context) {
        List<TaskOutput> shards = Phase.FILTER.outputs(context);
        var plan = new ArrayList<TaskPlan>();
        int from = 0;
        long bytes = 0;
        for (int shard = 0; shard < shards.size(); shard++) {
            bytes += shards.get(shard).data().get("bytes").asLong();
            if (bytes >= context.spec().shardBytes() || shard + 1 == shards.size()) {
                plan.add(new TaskPlan("pack-%05d".formatted(plan.size()), Json.tree(new Payload(from, shard + 1))));
                from = shard + 1;
                bytes = 0;
            }
        }
        return plan;
    }

    static TaskOutput execute(TaskContext<CleanSpec> context) throws IOException, InterruptedException {
        try (var packer = new Packer(context)) {
            int to = context.payload().get("toShard").asInt();
            for (int shard = context.payload().get("fromShard").asInt(); shard < to; shard++) {
                packer.shard(shard);
            }
            return packer.finish();
        }
    }

    private static final class Packer implements AutoCloseable {

        private final TaskContext<CleanSpec> context;
        /** Shard to document to reason. */
        private final Map<Integer, Map<Integer, String>> dropped = new HashMap<>();

        private final List<ArtifactFile> files = new ArrayList<>();
        private final DropSamples samples = new DropSamples();
        private final TreeMap<String, Long> counts = new TreeMap<>();
        private @Nullable DocumentShardWriter out;

        Packer(TaskContext<CleanSpec> context) throws IOException {
            this.context = context;
            drop(Phase.DEDUPLICATE, DeduplicateTask.REASON);
            drop(Phase.CLUSTER, ClusterTask.REASON);
        }

        private void drop(Phase phase, String reason) throws IOException {
            int from = context.payload().get("fromShard").asInt();
            int to = context.payload().get("toShard").asInt();
            for (Position position : DeduplicateTask.read(phase, context)) {
                if (position.shard() >= from && position.shard() < to) {
                    dropped.computeIfAbsent(position.shard(), s -> new HashMap<>())
                            .put(position.document(), reason);
                }
            }
        }

        void shard(int shard) throws IOException, InterruptedException {
            Map<Integer, String> duplicates = dropped.getOrDefault(shard, Map.of());
            var file = TaskFiles.of(Phase.FILTER.outputs(context).get(shard), TaskFiles.DOCUMENTS);
            try (var in = new DocumentShardReader(context.store(), file.blob())) {
                int index = 0;
                for (Document document : in) {
                    context.checkStop();
                    String reason = duplicates.get(index++);
                    if (reason != null) {
                        samples.add(DropSample.of(document, "deduplicate", reason));
                    } else {
                        write(document);
                    }
                }
            }
        }

        private void write(Document document) throws IOException {
            DocumentShardWriter writer = out;
            if (writer == null) {
                writer = new DocumentShardWriter(
                        context.workFolder().resolve("shard-%05d.jsonl.zst".formatted(files.size())));
                out = writer;
            }
            writer.write(document);
            counts.merge("documents", 1L, Long::sum);
            counts.merge(
                    "characters",
                    (long) document.text().codePointCount(0, document.text().length()),
                    Long::sum);
            context.progress(counts.getOrDefault("documents", 0L), 0, "documents", "packing");
            if (writer.jsonBytes() >= context.spec().shardBytes()) {
                closeShard();
            }
        }

        private void closeShard() throws IOException {
            DocumentShardWriter writer = out;
            if (writer != null && writer.file() != null) {
                writer.close();
                out = null;
                files.add(new ArtifactFile(
                        "shard-%05d.jsonl.zst".formatted(files.size()),
                        context.store().put(writer.file())));
            }
        }

        TaskOutput finish() throws IOException {
            closeShard();
            files.add(new ArtifactFile(TaskFiles.SAMPLES, context.store().put(samples.toBytes())));
            return new TaskOutput(files, counts, Json.tree(Map.of()));
        }

        @Override
        public void close() throws IOException {
            if (out != null) {
                out.close();
            }
        }
    }
}
