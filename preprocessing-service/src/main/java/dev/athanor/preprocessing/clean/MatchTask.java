package dev.athanor.preprocessing.clean;

import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.CleanSpec;
import dev.athanor.contracts.spec.MinHashSpec;
import dev.athanor.preprocessing.dedup.PositionWriter;
import dev.athanor.stage.api.StageContext;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One range of MinHash bands over all filtered shards: pairs of places that share a band, one behind the other. */
final class MatchTask {

    private MatchTask() {}

    static List<TaskPlan> plan(StageContext<CleanSpec> context) {
        long documents = FingerprintRange.documents(context);
        MinHashSpec minHash = context.spec().minHash();
        return FingerprintRange.plan("match", documents * minHash.bands() * minHash.groupings());
    }

    static TaskOutput execute(TaskContext<CleanSpec> context) throws IOException {
        Gone gone = Gone.of(context, Phase.URLS, Phase.DEDUPLICATE);
        Path file = context.workFolder().resolve(TaskFiles.MATCHES);
        try (var pairs = new PositionWriter(file)) {
            FingerprintRange.find(context, Phase.FILTER, TaskFiles.BANDS, gone, pairs::writePair);
        }
        return new TaskOutput(
                List.of(new ArtifactFile(TaskFiles.MATCHES, context.store().put(file))),
                new TreeMap<>(),
                Json.tree(Map.of()));
    }
}
