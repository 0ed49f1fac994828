package dev.athanor.preprocessing.clean;

import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.CleanSpec;
import dev.athanor.preprocessing.dedup.EqualFingerprints;
import dev.athanor.preprocessing.dedup.FingerprintFile;
import dev.athanor.stage.api.StageContext;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Cuts the space of fingerprints into tasks, each for a range of their highest 16 bits over all shards. */
record FingerprintRange(int fromBucket, int toBucket) {

    private static final int BUCKETS = 1 << 16;
    private static final long RECORDS_A_TASK = 8_000_000;
    private static final int MOST_TASKS = 256;

    /** @param records fingerprints of all shards, about */
    static List<TaskPlan> plan(String name, long records) {
        int tasks = (int) Math.clamp(records / RECORDS_A_TASK + 1, 1, MOST_TASKS);
        var plan = new ArrayList<TaskPlan>();
        for (int i = 0; i < tasks; i++) {
            int end = i + 1 == tasks ? BUCKETS : BUCKETS / tasks * (i + 1);
            plan.add(new TaskPlan(
                    "%s-%03d".formatted(name, i), Json.tree(new FingerprintRange(BUCKETS / tasks * i, end))));
        }
        return plan;
    }

    /** Documents of all shards, those of earlier corpora included. */
    static long documents(StageContext<CleanSpec> context) {
        return sum(context, Phase.FILTER, FilterTask.DATA_DOCUMENTS);
    }

    /** The sum of a number that the tasks of a round left in their data. */
    static long sum(StageContext<CleanSpec> context, Phase phase, String field) {
        return phase.outputs(context).stream()
                .mapToLong(o -> o.data().path(field).asLong(0))
                .sum();
    }

    /**
     * Finds equal fingerprints in the files with this name of a round, in the range that the task's payload gives.
     *
     * @param gone documents that are not looked at
     */
    static void find(
            TaskContext<CleanSpec> context, Phase from, String fileName, Gone gone, EqualFingerprints.Match match)
            throws IOException {
        var files = new ArrayList<FingerprintFile>();
        try {
            for (TaskOutput output : from.outputs(context)) {
                files.add(new FingerprintFile(
                        context.store().local(TaskFiles.of(output, fileName).blob())));
            }
            int fromBucket = context.payload().get("fromBucket").asInt();
            int toBucket = context.payload().get("toBucket").asInt();
            EqualFingerprints.find(files, fromBucket, toBucket, gone::has, match);
        } finally {
            files.forEach(FingerprintFile::close);
        }
    }
}
