package dev.athanor.evaluation.inspection;

import ai.djl.Device;
import dev.athanor.artifacts.ArtifactFolder;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.InspectSpec;
import dev.athanor.lm.Devices;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.inspect.GradientCheck;
import dev.athanor.stage.api.SingleTaskStage;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code evaluation.inspect} and {@code evaluation.inspect-classifier}: one task that looks into a model, in float32. */
public final class InspectStage extends SingleTaskStage<InspectSpec> {

    /** @param type {@link StageType#INSPECT} or {@link StageType#INSPECT_CLASSIFIER} */
    public InspectStage(StageType type) {
        super(type, role(type));
    }

    @Override
    public TaskOutput execute(TaskContext<InspectSpec> context) throws IOException, InterruptedException {
        InspectionReport report = report(context);
        List<ArtifactFile> files = List.of(
                new ArtifactFile("report.json", context.store().put(Json.canonicalBytes(report))),
                new ArtifactFile(
                        "report.html",
                        context.store().put(InspectionHtml.of(report).getBytes(StandardCharsets.UTF_8))));
        return new TaskOutput(
                files,
                new TreeMap<>(Map.of("texts", (long) context.spec().texts().size())),
                Json.tree(Map.of()));
    }

    private InspectionReport report(TaskContext<InspectSpec> context) throws IOException, InterruptedException {
        InspectSpec spec = context.spec();
        Path folder = ArtifactFolder.link(
                context.store(),
                context.input(role(type())),
                context.workFolder().resolve(role(type())));
        if (spec.kind().equals("gradient-check")) {
            return new InspectionReport.Gradients(
                    spec.kind(),
                    GradientCheck.report(LanguageModel.readConfig(folder), spec.samples(), context.seed()));
        }
        Inspections.Progress progress = number -> {
            context.checkStop();
            context.progress(number, spec.texts().size(), "texts", "");
        };
        try (Subject subject = subject(folder)) {
            return switch (spec.kind()) {
                case "attention" -> Inspections.attention(subject, spec, progress);
                case "relevance" -> Inspections.relevance(subject, spec, progress);
                default -> Inspections.histograms(subject, spec, progress);
            };
        }
    }

    private Subject subject(Path folder) throws IOException {
        Device device = Devices.of("auto");
        return type() == StageType.INSPECT_CLASSIFIER
                ? new ClassifierSubject(folder, device)
                : new LanguageModelSubject(folder, device);
    }

    private static String role(StageType type) {
        return type.inputs().keySet().iterator().next();
    }
}
