package dev.athanor.preprocessing.clean;

import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.CleanSpec;
import dev.athanor.preprocessing.dedup.Position;
import dev.athanor.preprocessing.dedup.PositionFile;
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

/** One range of fingerprints over all filtered shards: the places of the copies, sorted. */
final class DeduplicateTask {

    static final String REASON = "exact-duplicate";

    private DeduplicateTask() {}

    static List<TaskPlan> plan(StageContext<CleanSpec> context) {
        return FingerprintRange.plan("deduplicate", FingerprintRange.filteredDocuments(context));
    }

    static TaskOutput execute(TaskContext<CleanSpec> context) throws IOException {
        var duplicates = new ArrayList<Position>();
        FingerprintRange.find(context, TaskFiles.FINGERPRINTS, (first, later) -> duplicates.add(later));
        return output(context, duplicates, REASON);
    }

    /** The places of documents that are to be dropped for a reason. */
    static TaskOutput output(TaskContext<CleanSpec> context, List<Position> duplicates, String reason)
            throws IOException {
        duplicates.sort(null);
        Path file = context.workFolder().resolve(TaskFiles.DUPLICATES);
        PositionFile.write(file, duplicates);
        var counts = new TreeMap<String, Long>();
        if (!duplicates.isEmpty()) {
            counts.put("documents.dropped." + reason, (long) duplicates.size());
        }
        return new TaskOutput(
                List.of(new ArtifactFile(TaskFiles.DUPLICATES, context.store().put(file))),
                counts,
                Json.tree(Map.of()));
    }

    /** All places that the tasks of a round wrote with {@link #output}. */
    static List<Position> read(Phase phase, StageContext<CleanSpec> context) throws IOException {
        var positions = new ArrayList<Position>();
        for (TaskOutput output : phase.outputs(context)) {
            ArtifactFile file = TaskFiles.of(output, TaskFiles.DUPLICATES);
            positions.addAll(PositionFile.read(context.store().local(file.blob())));
        }
        return positions;
    }
}
