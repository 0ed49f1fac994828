package dev.athanor.preprocessing.report;

import dev.athanor.artifacts.shards.DocumentShardReader;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.CorpusReportSpec;
import dev.athanor.stage.api.Stage;
import dev.athanor.stage.api.StageContext;
import dev.athanor.stage.api.StageOutput;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** {@code preprocessing.report}: a task counts a shard; the merge adds up and writes {@code report.json}, {@code .html} and {@code .md}. */
public final class CorpusReportStage implements Stage<CorpusReportSpec> {

    private static final String PART = "part.json";

    /** What a task found. */
    private record Part(Tally tally, List<Sample> samples) {}

    @Override
    public StageType type() {
        return StageType.CORPUS_REPORT;
    }

    @Override
    public List<TaskPlan> plan(StageContext<CorpusReportSpec> context) {
        var plan = new ArrayList<TaskPlan>();
        if (context.round() == 0) {
            for (ArtifactFile shard : context.input("documents").filesUnder("documents/")) {
                plan.add(new TaskPlan("count-%05d".formatted(plan.size()), Json.tree(Map.of("shard", shard.name()))));
            }
        }
        return plan;
    }

    @Override
    public TaskOutput execute(TaskContext<CorpusReportSpec> context) throws IOException, InterruptedException {
        var tally = new DocumentTally(context.spec());
        var samples = new TreeSet<>(Sample.ORDER);
        String shard = context.payload().get("shard").asString();
        try (var documents = new DocumentShardReader(
                context.store(), context.input("documents").file(shard))) {
            long read = 0;
            for (Document document : documents) {
                context.checkStop();
                tally.add(document);
                add(samples, Sample.of(document, context.spec().sampleCharacters()), context.spec());
                context.progress(++read, 0, "documents", shard);
            }
        }
        var part = new Part(tally.tally(), List.copyOf(samples));
        return new TaskOutput(
                List.of(new ArtifactFile(PART, context.store().put(Json.canonicalBytes(part)))),
                new TreeMap<>(),
                Json.tree(Map.of()));
    }

    @Override
    public StageOutput merge(StageContext<CorpusReportSpec> context) throws IOException {
        var tally = Tally.empty();
        var samples = new TreeSet<>(Sample.ORDER);
        for (TaskOutput output : context.outputs()) {
            Part part;
            try (var in = context.store().open(output.files().getFirst().blob())) {
                part = Json.MAPPER.readValue(in.readAllBytes(), Part.class);
            }
            tally.addAll(part.tally());
            part.samples().forEach(sample -> add(samples, sample, context.spec()));
        }
        Manifest corpus = context.input("documents");
        var report = CorpusReport.of(
                corpus.id().value(), corpus.counts(), tally, context.spec().domains(), List.copyOf(samples));
        var files = List.of(
                file(
                        context,
                        "report.json",
                        Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(report)),
                file(context, "report.html", ReportPage.of(report)),
                file(context, "report.md", ReportText.of(report)));
        return new StageOutput(1, files, report.table("volume"), corpus.licences());
    }

    private static void add(TreeSet<Sample> samples, Sample sample, CorpusReportSpec spec) {
        samples.add(sample);
        while (samples.size() > spec.samples()) {
            samples.pollLast();
        }
    }

    private static ArtifactFile file(StageContext<?> context, String name, String text) throws IOException {
        return new ArtifactFile(name, context.store().put(text.getBytes(StandardCharsets.UTF_8)));
    }
}
