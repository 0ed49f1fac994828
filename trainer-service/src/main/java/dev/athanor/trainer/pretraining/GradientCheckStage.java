package dev.athanor.trainer.pretraining;

import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.GradientCheckSpec;
import dev.athanor.lm.inspect.GradientCheck;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.stage.api.SingleTaskStage;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** {@code trainer.gradient-check}: one task, on the processor, in float64. */
public final class GradientCheckStage extends SingleTaskStage<GradientCheckSpec> {

    private static final int VOCABULARY = 256;

    public GradientCheckStage() {
        super(StageType.GRADIENT_CHECK, null);
    }

    @Override
    public TaskOutput execute(TaskContext<GradientCheckSpec> context) throws IOException {
        GradientCheckSpec spec = context.spec();
        ModelConfig config = PretrainConfigs.model(spec.model(), VOCABULARY);
        if (spec.nextSentenceHead()) {
            config = config.toBuilder().nextSentenceHead(true).segments(2).build();
        }
        GradientCheck.Report report = GradientCheck.report(
                config, new GradientCheck.Way(spec.documentMasks(), spec.recompute()), spec.samples(), context.seed());
        List<ArtifactFile> files = List.of(
                new ArtifactFile("report.json", context.store().put(Json.canonicalBytes(report))),
                new ArtifactFile(
                        "report.md", context.store().put(markdown(report).getBytes(StandardCharsets.UTF_8))));
        long checked = report.coordinates().size();
        return new TaskOutput(files, new TreeMap<>(Map.of("values", checked)), Json.tree(Map.of()));
    }

    private static String markdown(GradientCheck.Report report) {
        var out = new StringBuilder(String.format(
                Locale.ROOT,
                "# Gradient check: %s\n\nLargest relative error %.2e, tolerance %.0e, of %d values.\n\n%s\n\n"
                        + "| parameter | place | automatic | numeric | error |\n|---|---|---|---|---|\n",
                report.passed() ? "passed" : "FAILED",
                report.worst(),
                report.tolerance(),
                report.coordinates().size(),
                report.checked()));
        for (GradientCheck.Coordinate c : report.coordinates()) {
            out.append(String.format(
                    Locale.ROOT,
                    "| %s | %d | %.6e | %.6e | %.1e |\n",
                    c.parameter(),
                    c.index(),
                    c.automatic(),
                    c.numeric(),
                    c.error()));
        }
        return out.toString();
    }
}
