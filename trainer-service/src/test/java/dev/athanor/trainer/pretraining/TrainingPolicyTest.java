package dev.athanor.trainer.pretraining;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.json.SpecReader;
import dev.athanor.contracts.spec.PretrainSpec;
import dev.athanor.lm.train.TrainingListener;
import dev.athanor.stage.testing.StageRunner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingPolicyTest {

    @TempDir
    Path folder;

    @Test
    void dataWhoseLicencesCannotBeShownAreNotTrainedOn() throws Exception {
        ArtifactStore store = new LocalArtifactStore(folder.resolve("store"));
        ArtifactId raw = publish(store, ArtifactKind.RAW_DOCUMENTS, Map.of());
        ArtifactId tokens = publish(store, ArtifactKind.TOKEN_SHARDS, Map.of("documents", raw));
        ArtifactId tokenizer = publish(store, ArtifactKind.TOKENIZER, Map.of());
        var policy = Map.of("policy", Map.of("allowedLicences", List.of("CC0-1.0")));
        assertThatThrownBy(() -> StageRunner.of(new PretrainStage(new TrainingListener() {}, new SoloGroups()), store)
                        .spec(SpecReader.read(Json.tree(policy), PretrainSpec.DEFAULTS))
                        .input("tokens", tokens)
                        .input("tokenizer", tokenizer)
                        .run())
                .isInstanceOf(AthanorException.class)
                .hasMessageContaining("policy")
                .hasMessageContaining("no ledger")
                .hasMessageContaining("CC0-1.0");
    }

    private static ArtifactId publish(ArtifactStore store, ArtifactKind kind, Map<String, ArtifactId> inputs)
            throws IOException {
        return store.publish(new Manifest(
                kind, 1, List.of(), new TreeMap<>(), new TreeMap<>(inputs), Json.tree(Map.of()), 1, "test", List.of()));
    }
}
