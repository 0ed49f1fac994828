package dev.athanor.tokenizer.study;

import dev.athanor.artifacts.shards.DocumentShardReader;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.BlobRef;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.message.MetricPoint;
import dev.athanor.contracts.spec.StudyTokenizerSpec;
import dev.athanor.stage.api.Stage;
import dev.athanor.stage.api.StageContext;
import dev.athanor.stage.api.StageOutput;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import dev.athanor.tokenizer.Encodable;
import dev.athanor.tokenizer.ExpectedDocuments;
import dev.athanor.tokenizer.vocabulary.Recipe;
import dev.athanor.tokenizer.vocabulary.Recipes;
import dev.athanor.tokenizers.Tokenizer;
import dev.athanor.tokenizers.training.BoundedWordCounts;
import dev.athanor.tokenizers.training.WordRuns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * {@code tokenizer.study}: which algorithm and vocabulary size fit a corpus. Round 0 counts words and sets text aside, one task a shard;
 * round 1 trains and measures, one task a tokenizer. How long training took goes to the metrics, because a report is a function of its
 * input alone.
 */
public final class StudyTokenizerStage implements Stage<StudyTokenizerSpec> {

    private static final int REPORT_EVERY = 256;

    private final LongSupplier nanoTime;

    public StudyTokenizerStage(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    @Override
    public StageType type() {
        return StageType.STUDY_TOKENIZER;
    }

    @Override
    public List<TaskPlan> plan(StageContext<StudyTokenizerSpec> context) {
        List<TaskPlan> plan = new ArrayList<>();
        if (context.round() == 0) {
            for (ArtifactFile shard : context.input("documents").filesUnder("documents/")) {
                plan.add(new TaskPlan(shard.name(), Json.tree(Map.of("shard", shard.name()))));
            }
        } else if (context.round() == 1) {
            for (String algorithm : context.spec().algorithms()) {
                for (int size : context.spec().vocabularySizes()) {
                    plan.add(new TaskPlan(
                            algorithm + "-" + size, Json.tree(Map.of("algorithm", algorithm, "size", size))));
                }
            }
        }
        return plan;
    }

    @Override
    public TaskOutput execute(TaskContext<StudyTokenizerSpec> context) throws IOException, InterruptedException {
        return context.round() == 0 ? read(context) : measure(context);
    }

    private static TaskOutput read(TaskContext<StudyTokenizerSpec> context) throws IOException, InterruptedException {
        BlobRef shard =
                context.input("documents").file(context.payload().get("shard").asString());
        try (var reader = new DocumentShardReader(context.store(), shard);
                var texts = new StudyTexts(context)) {
            long read = 0;
            long expected = ExpectedDocuments.in(shard, context.input("documents"));
            for (Document document : reader) {
                Encodable.use(document, texts::add);
                if (++read % REPORT_EVERY == 0) {
                    context.checkStop();
                    context.progress(read, Math.max(read, expected), "documents", "counting words");
                }
            }
            context.progress(read, read, "documents", "counting words");
            return texts.finish();
        }
    }

    private TaskOutput measure(TaskContext<StudyTokenizerSpec> context) throws IOException, InterruptedException {
        String algorithm = context.payload().get("algorithm").asString();
        int size = context.payload().get("size").asInt();
        long memory = (long) context.spec().memoryMiB() << 20;
        BoundedWordCounts words =
                BoundedWordCounts.of(new WordRuns(files(context, StudyTexts.words(algorithm))), memory);
        context.checkStop();
        List<TaskOutput> shards = context.outputs(0);
        int steps = 1 + shards.size();
        context.progress(0, steps, "steps", "training on " + words.counts().size() + " words");
        long start = nanoTime.getAsLong();
        Recipe.Trained trained =
                Recipes.of(algorithm).train(words.counts(), context.spec().training(algorithm, size));
        double seconds = (nanoTime.getAsLong() - start) * 1e-9;
        context.checkStop();
        Measurer measurer = new Measurer(Tokenizer.of(trained.tokenizer()));
        for (int i = 0; i < shards.size(); i++) {
            context.progress(1 + i, steps, "steps", "measuring");
            try (var reader = new DocumentShardReader(context.store(), file(shards.get(i), StudyTexts.HELD_OUT))) {
                for (Document document : reader) {
                    Encodable.use(document, measurer::add);
                }
            }
            context.checkStop();
        }
        Measurement measurement = measurer.measurement(algorithm, size, words.counts(), trained.symbolsRead());
        context.metrics(List.of(
                new MetricPoint("train_seconds_" + algorithm, size, seconds),
                new MetricPoint(
                        "bytes_per_token_" + algorithm, size, measurement.text().bytesPerToken())));
        context.progress(steps, steps, "steps", "measured");
        return new TaskOutput(List.of(), new TreeMap<>(Map.of("tokenizers", 1L)), Json.tree(measurement));
    }

    private static List<Path> files(TaskContext<StudyTokenizerSpec> context, String name) throws IOException {
        List<Path> files = new ArrayList<>();
        for (TaskOutput output : context.outputs(0)) {
            files.add(context.store().local(file(output, name)));
        }
        return files;
    }

    private static BlobRef file(TaskOutput output, String name) {
        return output.files().stream()
                .filter(f -> f.name().equals(name))
                .findFirst()
                .orElseThrow()
                .blob();
    }

    @Override
    public StageOutput merge(StageContext<StudyTokenizerSpec> context) throws IOException {
        List<Measurement> measurements = new ArrayList<>();
        for (TaskOutput output : context.outputs(1)) {
            measurements.add(Json.MAPPER.treeToValue(output.data(), Measurement.class));
        }
        StudyReport report = new StudyReport(measurements, Recommendation.of(measurements));
        var counts = new TreeMap<String, Long>();
        for (TaskOutput output : context.outputs()) {
            output.counts().forEach((name, value) -> counts.merge(name, value, Long::sum));
        }
        String svg = SizePlot.of(measurements, report.recommendation());
        List<ArtifactFile> files = List.of(
                new ArtifactFile("report.json", context.store().put(Json.canonicalBytes(report))),
                new ArtifactFile("report.md", put(context, report.markdown())),
                new ArtifactFile("report.svg", put(context, svg)));
        return new StageOutput(1, files, counts, context.input("documents").licences());
    }

    private static BlobRef put(StageContext<StudyTokenizerSpec> context, String text) throws IOException {
        return context.store().put(text.getBytes(StandardCharsets.UTF_8));
    }
}
