package dev.athanor.trainer.exporting;

import ai.djl.Device;
import dev.athanor.artifacts.ArtifactFolder;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.ExportSpec;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.TextClassifier;
import dev.athanor.lm.onnx.OnnxExport;
import dev.athanor.stage.api.Stage;
import dev.athanor.stage.api.StageContext;
import dev.athanor.stage.api.StageOutput;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code trainer.export}: a language model as an ONNX file, beside its configuration and its tokenizer. */
public final class ExportStage implements Stage<ExportSpec> {

    @Override
    public StageType type() {
        return StageType.EXPORT_LANGUAGE_MODEL;
    }

    @Override
    public List<TaskPlan> plan(StageContext<ExportSpec> context) {
        return context.round() == 0 ? List.of(new TaskPlan("export", Json.tree(Map.of()))) : List.of();
    }

    @Override
    public TaskOutput execute(TaskContext<ExportSpec> context) throws IOException {
        Manifest source = context.input("model");
        Path folder = ArtifactFolder.link(
                context.store(), source, context.workFolder().resolve("model"));
        Path exported = context.workFolder().resolve("onnx");
        List<ArtifactFile> files = new ArrayList<>();
        try (LanguageModel model = LanguageModel.load(folder, Device.cpu())) {
            for (String name : OnnxExport.write(model, context.spec().cache(), exported)) {
                files.add(new ArtifactFile(name, context.store().put(exported.resolve(name))));
            }
        }
        for (String name : List.of(LanguageModel.CONFIG_FILE, TextClassifier.TOKENIZER_FILE)) {
            files.add(new ArtifactFile(name, source.file(name)));
        }
        return new TaskOutput(files, new TreeMap<>(), Json.tree(Map.of()));
    }

    @Override
    public StageOutput merge(StageContext<ExportSpec> context) {
        TaskOutput exported = context.outputs().getFirst();
        return new StageOutput(
                1, exported.files(), exported.counts(), context.input("model").licences());
    }
}
