package dev.athanor.evaluation.sentiment;

import dev.athanor.artifacts.ArtifactFolder;
import dev.athanor.artifacts.shards.LabelledShardReader;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.document.LabelledExample;
import dev.athanor.contracts.document.LabelledSplits;
import dev.athanor.contracts.document.Split;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.message.MetricPoint;
import dev.athanor.contracts.spec.SentimentReportSpec;
import dev.athanor.evaluation.baseline.TextBaseline;
import dev.athanor.lm.Devices;
import dev.athanor.lm.TextClassifier;
import dev.athanor.lm.train.Precision;
import dev.athanor.stage.api.SingleTaskStage;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** {@code evaluation.sentiment}: one task that trains the baseline, asks both for their predictions, and writes the report. */
public final class SentimentReportStage extends SingleTaskStage<SentimentReportSpec> {

    public SentimentReportStage() {
        super(StageType.SENTIMENT_REPORT, "examples");
    }

    @Override
    public TaskOutput execute(TaskContext<SentimentReportSpec> context) throws IOException, InterruptedException {
        LabelledSplits splits = LabelledSplits.of(LabelledShardReader.all(context.store(), context.input("examples")));
        Split split = context.spec().split().equals("test") ? Split.TEST : Split.VALIDATION;
        List<LabelledExample> scored = splits.part(split);
        if (scored.isEmpty()) {
            throw new AthanorException(
                    ErrorCode.INVALID_REQUEST, "examples: the " + split.slug() + " split is empty, nothing to score");
        }
        float[][] byModel = byModel(context, splits, scored);
        context.checkStop();
        TextBaseline baseline = TextBaseline.train(
                labelled(splits, splits.train()),
                labelled(splits, splits.validation()),
                splits.labels().size());
        float[][] byBaseline =
                baseline.predict(scored.stream().map(LabelledExample::text).toList());
        var counts = new TreeMap<>(Map.of(
                "train", splits.train().size(),
                "validation", splits.validation().size(),
                "test", splits.test().size()));
        SentimentReport report = SentimentReport.of(
                split.slug(),
                counts,
                new SentimentReport.Predictions(splits.labels(), scored, splits.classes(scored), byModel, byBaseline),
                baseline.features(),
                baseline.inverseStrength(),
                context.seed());
        return output(context, report);
    }

    private static float[][] byModel(
            TaskContext<SentimentReportSpec> context, LabelledSplits splits, List<LabelledExample> scored)
            throws IOException, InterruptedException {
        Path folder = ArtifactFolder.link(
                context.store(),
                context.input("classifier"),
                context.workFolder().resolve("classifier"));
        var rows = new float[scored.size()][];
        int batch = context.spec().batchSize();
        try (TextClassifier classifier = TextClassifier.load(folder, Devices.of("auto"), Precision.FP32)) {
            if (!classifier.labels().equals(splits.labels())) {
                throw new AthanorException(
                        ErrorCode.INVALID_REQUEST,
                        "classifier: expected the labels of the examples " + splits.labels() + ", got "
                                + classifier.labels());
            }
            for (int from = 0; from < rows.length; from += batch) {
                context.checkStop();
                List<String> texts = scored.subList(from, Math.min(from + batch, rows.length)).stream()
                        .map(LabelledExample::text)
                        .toList();
                float[][] predicted = classifier.predict(texts);
                System.arraycopy(predicted, 0, rows, from, predicted.length);
                context.progress(from + predicted.length, rows.length, "examples", "");
            }
        }
        return rows;
    }

    private static TextBaseline.Labelled labelled(LabelledSplits splits, List<LabelledExample> examples) {
        return new TextBaseline.Labelled(
                examples.stream().map(LabelledExample::text).toList(), splits.classes(examples));
    }

    private static TaskOutput output(TaskContext<SentimentReportSpec> context, SentimentReport report)
            throws IOException {
        var model = report.model().scores();
        var baseline = report.baseline().scores();
        context.metrics(List.of(
                new MetricPoint("accuracy", 0, model.accuracy()),
                new MetricPoint("macro_f1", 0, model.macroF1()),
                new MetricPoint("baseline_accuracy", 0, baseline.accuracy()),
                new MetricPoint("baseline_macro_f1", 0, baseline.macroF1())));
        context.progress(
                model.examples(),
                model.examples(),
                "examples",
                String.format(Locale.ROOT, "accuracy %.4f, baseline %.4f", model.accuracy(), baseline.accuracy()));
        String markdown = SentimentMarkdown.of(report);
        List<ArtifactFile> files = List.of(
                new ArtifactFile("report.json", context.store().put(Json.canonicalBytes(report))),
                new ArtifactFile("report.md", context.store().put(markdown.getBytes(StandardCharsets.UTF_8))));
        return new TaskOutput(files, new TreeMap<>(Map.of("examples", model.examples())), Json.tree(Map.of()));
    }
}
