package dev.athanor.preprocessing.clean;

import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.CleanSpec;
import dev.athanor.preprocessing.dedup.Clusters;
import dev.athanor.preprocessing.dedup.PositionWriter;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The clusters of near-duplicates: all but the first of each go. One task. */
final class ClusterTask {

    private ClusterTask() {}

    static List<TaskPlan> plan() {
        return List.of(new TaskPlan("cluster", Json.tree(Map.of())));
    }

    static TaskOutput execute(TaskContext<CleanSpec> context) throws IOException {
        int[] documents = Phase.FILTER.outputs(context).stream()
                .mapToInt(output -> output.data().get(FilterTask.DATA_DOCUMENTS).asInt())
                .toArray();
        Path file = context.workFolder().resolve(TaskFiles.DUPLICATES);
        try (var clusters = new Clusters(context.workFolder().resolve("clusters.bin"), documents);
                var others = new PositionWriter(file)) {
            for (TaskOutput output : Phase.MATCH.outputs(context)) {
                Path matches = context.store()
                        .local(TaskFiles.of(output, TaskFiles.MATCHES).blob());
                PositionWriter.readPairs(matches, clusters::join);
            }
            clusters.others(others);
        }
        return DuplicatesTask.output(context, file);
    }
}
