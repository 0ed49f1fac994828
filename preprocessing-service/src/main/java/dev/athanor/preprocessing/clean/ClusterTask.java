package dev.athanor.preprocessing.clean;

import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.CleanSpec;
import dev.athanor.preprocessing.dedup.Clusters;
import dev.athanor.preprocessing.dedup.Position;
import dev.athanor.preprocessing.dedup.PositionFile;
import dev.athanor.preprocessing.dedup.Positions;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The clusters of near-duplicates: all but the first of each go. One task. */
final class ClusterTask {

    private ClusterTask() {}

    static List<TaskPlan> plan() {
        return List.of(new TaskPlan("cluster", Json.tree(Map.of())));
    }

    static TaskOutput execute(TaskContext<CleanSpec> context) throws IOException {
        var clusters = new Clusters();
        for (TaskOutput output : Phase.MATCH.outputs(context)) {
            List<Position> pairs = PositionFile.read(context.store()
                    .local(TaskFiles.of(output, TaskFiles.MATCHES).blob()));
            for (int i = 0; i < pairs.size(); i += 2) {
                clusters.join(pairs.get(i), pairs.get(i + 1));
            }
        }
        var duplicates = new Positions();
        clusters.others().forEach(duplicates::add);
        return DuplicatesTask.output(context, duplicates);
    }
}
