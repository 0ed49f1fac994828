package dev.athanor.finetune.exporting;

import ai.djl.Device;
import dev.athanor.artifacts.ArtifactFolder;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.ExportSpec;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.SequenceClassifier;
import dev.athanor.lm.TextClassifier;
import dev.athanor.lm.onnx.OnnxExport;
import dev.athanor.lm.train.Precision;
import dev.athanor.stage.api.SingleTaskStage;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code finetune.export}: a classifier as an ONNX file, beside its configuration and its tokenizer. */
public final class ExportStage extends SingleTaskStage<ExportSpec> {

    public ExportStage() {
        super(StageType.EXPORT_CLASSIFIER, "classifier");
    }

    @Override
    public TaskOutput execute(TaskContext<ExportSpec> context) throws IOException {
        Manifest source = context.input("classifier");
        Path folder = ArtifactFolder.link(
                context.store(), source, context.workFolder().resolve("classifier"));
        Path exported = context.workFolder().resolve("onnx");
        List<ArtifactFile> files;
        try (var classifier = SequenceClassifier.load(folder, Device.cpu(), Precision.FP32)) {
            files = ArtifactFolder.store(context.store(), exported, OnnxExport.write(classifier, exported));
        }
        for (String name : List.of(LanguageModel.CONFIG_FILE, TextClassifier.TOKENIZER_FILE)) {
            files.add(new ArtifactFile(name, source.file(name)));
        }
        return new TaskOutput(files, new TreeMap<>(), Json.tree(Map.of()));
    }
}
