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
import dev.athanor.stage.api.SingleTaskStage;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code trainer.export}: a language model as an ONNX file, beside its configuration and its tokenizer. */
public final class ExportStage extends SingleTaskStage<ExportSpec> {

    public ExportStage() {
        super(StageType.EXPORT_LANGUAGE_MODEL, "model");
    }

    @Override
    public TaskOutput execute(TaskContext<ExportSpec> context) throws IOException {
        Manifest source = context.input("model");
        Path folder = ArtifactFolder.link(
                context.store(), source, context.workFolder().resolve("model"));
        Path exported = context.workFolder().resolve("onnx");
        List<ArtifactFile> files;
        try (LanguageModel model = LanguageModel.load(folder, Device.cpu())) {
            files = ArtifactFolder.store(
                    context.store(),
                    exported,
                    OnnxExport.write(model, context.spec().cache(), exported));
        }
        for (String name : List.of(LanguageModel.CONFIG_FILE, TextClassifier.TOKENIZER_FILE)) {
            files.add(new ArtifactFile(name, source.file(name)));
        }
        return new TaskOutput(files, new TreeMap<>(), Json.tree(Map.of()));
    }
}
