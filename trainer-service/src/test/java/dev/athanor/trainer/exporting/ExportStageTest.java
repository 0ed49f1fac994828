package dev.athanor.trainer.exporting;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.ExportSpec;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.onnx.OnnxExport;
import dev.athanor.lm.testing.TinyModels;
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
    void aLanguageModelBecomesAnOnnxFileWithItsTokenizer() throws Exception {
        Path model = TinyModels.languageModel(folder.resolve("model"), List.of("a text", "another text"));
        try (var store = new LocalArtifactStore(folder.resolve("store"))) {
            ArtifactId source = publish(store, model);
            var runner = StageRunner.of(new ExportStage(), store).input("model", source);
            var result = runner.run();
            Manifest manifest = result.manifest();
            assertThat(manifest.kind()).isEqualTo(ArtifactKind.EXPORTED_MODEL);
            assertThat(manifest.files().stream().map(ArtifactFile::name))
                    .containsExactlyInAnyOrder("model.onnx", "config.json", "tokenizer.json");
            assertThat(manifest.licences()).containsExactly("CC0-1.0");
            assertThat(manifest.file("tokenizer.json"))
                    .isEqualTo(store.manifest(source).file("tokenizer.json"));
            try (LanguageModel loaded = LanguageModel.load(model, Device.cpu())) {
                OnnxExport.write(loaded, true, folder.resolve("cached"));
                OnnxExport.write(loaded, false, folder.resolve("plain"));
            }
            assertThat(store.local(manifest.file("model.onnx")))
                    .hasSameBinaryContentAs(folder.resolve("cached/model.onnx"));
            assertThat(runner.disturbed(1).run().artifact()).isEqualTo(result.artifact());
            var plain = StageRunner.of(new ExportStage(), store)
                    .spec(new ExportSpec("onnx", false))
                    .input("model", source)
                    .run();
            assertThat(store.local(plain.manifest().file("model.onnx")))
                    .hasSameBinaryContentAs(folder.resolve("plain/model.onnx"));
        }
    }

    private static ArtifactId publish(LocalArtifactStore store, Path model) throws IOException {
        List<ArtifactFile> files = new ArrayList<>();
        for (String name : List.of("config.json", "model.safetensors", "tokenizer.json")) {
            files.add(new ArtifactFile(name, store.put(Files.readAllBytes(model.resolve(name)))));
        }
        return store.publish(new Manifest(
                ArtifactKind.LANGUAGE_MODEL,
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
