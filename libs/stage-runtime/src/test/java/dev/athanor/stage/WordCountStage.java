package dev.athanor.stage;

import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.message.MetricPoint;
import dev.athanor.contracts.spec.CleanSpec;
import dev.athanor.stage.api.Stage;
import dev.athanor.stage.api.StageContext;
import dev.athanor.stage.api.StageOutput;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A toy stage of two rounds: counts words drawn from a seed in some tasks, then adds the counts up by first letter. Each
 * task takes a while, checks for a stop between its steps, and keeps its position in scratch.
 */
public class WordCountStage implements Stage<CleanSpec> {

    private static final String LETTERS = "abcdefghij";
    private static final int STEPS = 10;

    private final int tasks;
    private final long millisAStep;

    public WordCountStage(int tasks, long millisAStep) {
        this.tasks = tasks;
        this.millisAStep = millisAStep;
    }

    @Override
    public StageType type() {
        return StageType.CLEAN;
    }

    @Override
    public List<TaskPlan> plan(StageContext<CleanSpec> context) {
        List<TaskPlan> plan = new ArrayList<>();
        if (context.round() == 0) {
            for (int i = 0; i < tasks; i++) {
                plan.add(new TaskPlan("count-" + i, Json.tree(Map.of("from", i))));
            }
        } else if (context.round() == 1) {
            for (char letter : LETTERS.toCharArray()) {
                plan.add(new TaskPlan("sum-" + letter, Json.tree(Map.of("letter", String.valueOf(letter)))));
            }
        }
        return plan;
    }

    @Override
    public TaskOutput execute(TaskContext<CleanSpec> context) throws IOException, InterruptedException {
        return context.round() == 0 ? count(context) : sum(context);
    }

    protected TaskOutput count(TaskContext<CleanSpec> context) throws IOException, InterruptedException {
        Map<String, Integer> counts = new TreeMap<>();
        Random random =
                new Random(context.seed() * 1000 + context.payload().get("from").asInt());
        for (int step = 0; step < STEPS; step++) {
            context.checkStop();
            Thread.sleep(millisAStep);
            for (int i = 0; i < 100; i++) {
                String word = "" + LETTERS.charAt(random.nextInt(LETTERS.length())) + random.nextInt(5);
                counts.merge(word, 1, Integer::sum);
            }
            context.progress(step + 1, STEPS, "steps", "counting");
            context.metrics(List.of(new MetricPoint("words", step, counts.size())));
        }
        Path file = context.workFolder().resolve("counts.json");
        Files.write(file, Json.canonicalBytes(counts));
        return new TaskOutput(
                List.of(new ArtifactFile(
                        context.name() + ".json", context.store().put(file))),
                new TreeMap<>(Map.of("documents.kept", 90L, "documents.dropped.too-short", 10L)),
                Json.MAPPER.createObjectNode());
    }

    private TaskOutput sum(TaskContext<CleanSpec> context) throws IOException {
        String letter = context.payload().get("letter").asString();
        long total = 0;
        for (TaskOutput output : context.outputs(0)) {
            try (var in = context.store().open(output.files().getFirst().blob())) {
                for (var entry : Json.MAPPER.readTree(in.readAllBytes()).properties()) {
                    total +=
                            entry.getKey().startsWith(letter) ? entry.getValue().asLong() : 0;
                }
            }
        }
        return new TaskOutput(List.of(), new TreeMap<>(Map.of("words", total)), Json.tree(Map.of(letter, total)));
    }

    @Override
    public StageOutput merge(StageContext<CleanSpec> context) throws IOException {
        List<ArtifactFile> files = new ArrayList<>();
        Map<String, Long> totals = new TreeMap<>();
        TreeMap<String, Long> counts = new TreeMap<>();
        for (TaskOutput output : context.outputs()) {
            output.files().forEach(f -> files.add(new ArtifactFile("counts/" + f.name(), f.blob())));
            output.data()
                    .properties()
                    .forEach(e -> totals.put(e.getKey(), e.getValue().asLong()));
            output.counts().forEach((k, v) -> counts.merge(k, v, Long::sum));
        }
        files.add(new ArtifactFile("totals.json", context.store().put(Json.canonicalBytes(totals))));
        return new StageOutput(1, files, counts, List.of("CC0-1.0"));
    }
}
