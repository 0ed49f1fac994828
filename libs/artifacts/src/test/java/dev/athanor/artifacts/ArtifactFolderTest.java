package dev.athanor.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactFolderTest {

    @TempDir
    Path folder;

    @Test
    void filesStandUnderTheirNames() throws Exception {
        var store = new LocalArtifactStore(folder.resolve("store"));
        var files = List.of(
                new ArtifactFile("config.json", store.put(new byte[] {1})),
                new ArtifactFile("train/0.bin", store.put(new byte[] {2})));
        var manifest = new Manifest(
                ArtifactKind.TOKENIZER,
                1,
                files,
                new TreeMap<>(),
                new TreeMap<>(),
                Json.tree(Map.of()),
                1,
                "x",
                List.of());
        Path linked = ArtifactFolder.link(store, manifest, folder.resolve("linked"));
        assertThat(Files.readAllBytes(linked.resolve("config.json"))).containsExactly(1);
        assertThat(Files.readAllBytes(linked.resolve("train/0.bin"))).containsExactly(2);
    }
}
