package dev.athanor.finetune.exporting;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.json.Json;
import dev.athanor.lm.SequenceClassifier;
import dev.athanor.lm.onnx.OnnxExport;
import dev.athanor.lm.testing.TinyModels;
import dev.athanor.lm.train.Precision;
import dev.athanor.stage.testing.StageRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportStageTest {

    @TempDir
    Path folder;

    @Test
    void aClassifierBecomesAnOnnxFileWithItsTokenizer() throws Exception {
        Path classifier = TinyModels.classifier(
                folder.resolve("classifier"),
                List.of("bad", "good"),
                List.of("a good film", "a bad film"),
                new int[] {1, 0},
                2);
        try (var store = new LocalArtifactStore(folder.resolve("store"))) {
            ArtifactId source = publish(store, classifier);
            var runner = StageRunner.of(new ExportStage(), store).input("classifier", source);
            var result = runner.run();
            assertThat(result.manifest().kind()).isEqualTo(ArtifactKind.EXPORTED_MODEL);
            assertThat(result.manifest().files().stream().map(ArtifactFile::name))
                    .containsExactlyInAnyOrder("model.onnx", "config.json", "tokenizer.json");
            try (var loaded = SequenceClassifier.load(classifier, Device.cpu(), Precision.FP32)) {
                OnnxExport.write(loaded, folder.resolve("expected"));
            }
            assertThat(store.local(result.manifest().file("model.onnx")))
                    .hasSameBinaryContentAs(folder.resolve("expected/model.onnx"));
            assertThat(runner.disturbed(1).run().artifact()).isEqualTo(result.artifact());
        }
    }

    private static ArtifactId publish(LocalArtifactStore store, Path classifier) throws IOException {
        List<ArtifactFile> files = new ArrayList<>();
        for (String name : List.of("config.json", "model.safetensors", "tokenizer.json")) {
            files.add(new ArtifactFile(name, store.put(Files.readAllBytes(classifier.resolve(name)))));
        }
        return store.publish(new Manifest(
                ArtifactKind.CLASSIFIER,
                1,
                files,
                new TreeMap<>(),
                new TreeMap<>(),
                Json.tree(Map.of()),
                1,
                "test",
                List.of("CC0-1.0")));
    }
}
