package dev.athanor.preprocessing.clean;

import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.CleanSpec;
import dev.athanor.preprocessing.dedup.ExactDuplicates;
import dev.athanor.preprocessing.dedup.ExactDuplicates.Position;
import dev.athanor.preprocessing.dedup.FingerprintFile;
import dev.athanor.stage.api.StageContext;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One range of fingerprints over all filtered shards: the places of the copies, 8 bytes each, sorted. */
final class DeduplicateTask {

    private static final int BUCKETS = 1 << 16;
    private static final long DOCUMENTS_A_TASK = 2_000_000;
    private static final int MOST_TASKS = 256;

    private record Payload(int fromBucket, int toBucket) {}

    private DeduplicateTask() {}

    static List<TaskPlan> plan(StageContext<CleanSpec> context) {
        long documents = context.outputs(0).stream()
                .mapToLong(o -> o.counts().getOrDefault("documents.filtered", 0L))
                .sum();
        int tasks = (int) Math.clamp(documents / DOCUMENTS_A_TASK + 1, 1, MOST_TASKS);
        var plan = new ArrayList<TaskPlan>();
        for (int i = 0; i < tasks; i++) {
            var range = new Payload(BUCKETS / tasks * i, i + 1 == tasks ? BUCKETS : BUCKETS / tasks * (i + 1));
            plan.add(new TaskPlan("deduplicate-%03d".formatted(i), Json.tree(range)));
        }
        return plan;
    }

    static TaskOutput execute(TaskContext<CleanSpec> context) throws IOException {
        var files = new ArrayList<FingerprintFile>();
        List<Position> duplicates;
        try {
            for (TaskOutput output : context.outputs(0)) {
                ArtifactFile file = TaskFiles.of(output, TaskFiles.FINGERPRINTS);
                files.add(new FingerprintFile(context.store().local(file.blob())));
            }
            duplicates = ExactDuplicates.find(
                    files,
                    context.payload().get("fromBucket").asInt(),
                    context.payload().get("toBucket").asInt());
        } finally {
            files.forEach(FingerprintFile::close);
        }
        Path file = context.workFolder().resolve(TaskFiles.DUPLICATES);
        try (var out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            for (Position position : duplicates) {
                out.writeInt(position.shard());
                out.writeInt(position.document());
            }
        }
        return new TaskOutput(
                List.of(new ArtifactFile(TaskFiles.DUPLICATES, context.store().put(file))),
                new TreeMap<>(
                        duplicates.isEmpty()
                                ? Map.of()
                                : Map.of("documents.dropped.exact-duplicate", (long) duplicates.size())),
                Json.tree(Map.of()));
    }

    /** The copies among one shard's documents. */
    static BitSet duplicatesOf(int shard, StageContext<CleanSpec> context) throws IOException {
        var duplicates = new BitSet();
        int round = Phase.of(context.spec()).indexOf(Phase.DEDUPLICATE);
        for (TaskOutput output : round < 0 ? List.<TaskOutput>of() : context.outputs(round)) {
            ArtifactFile file = TaskFiles.of(output, TaskFiles.DUPLICATES);
            var positions = ByteBuffer.wrap(Files.readAllBytes(context.store().local(file.blob())));
            while (positions.hasRemaining()) {
                int inShard = positions.getInt();
                int document = positions.getInt();
                if (inShard == shard) {
                    duplicates.set(document);
                }
            }
        }
        return duplicates;
    }
}
