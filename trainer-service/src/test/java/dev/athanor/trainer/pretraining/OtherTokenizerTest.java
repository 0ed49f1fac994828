package dev.athanor.trainer.pretraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.PretrainSpec;
import dev.athanor.lm.train.TrainingListener;
import dev.athanor.stage.testing.StageRunner;
import dev.athanor.tokenizers.shards.TokenShardWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ids are not trained on as those of a tokenizer that did not make them. */
class OtherTokenizerTest {

    @TempDir
    Path folder;

    private ArtifactStore store;
    private ArtifactId own;
    private ArtifactId other;

    @BeforeEach
    void tokenizers() throws IOException {
        store = new LocalArtifactStore(folder.resolve("store"));
        own = tokenizer("{}", 1);
        other = tokenizer("{ }", 1);
    }

    @Test
    void tokensThatAnotherTokenizerEncodedAreRefusedBeforeTraining() throws Exception {
        ArtifactId good = tokens(own, own);
        train(good, good);
        for (Map<String, ArtifactId> inputs : List.of(
                Map.of("tokens", tokens(other, null)), Map.of("tokens", good, "tokens-2", tokens(other, null)))) {
            String last = inputs.containsKey("tokens-2") ? "tokens-2" : "tokens";
            assertThatThrownBy(() -> runner(inputs).run())
                    .isInstanceOfSatisfying(
                            AthanorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SPEC))
                    .hasMessageContaining("inputs." + last + ": ")
                    .hasMessageContaining(other.value())
                    .hasMessageContaining(own.value());
        }
    }

    @Test
    void withoutALineageTheShardsTell() throws Exception {
        assertThatThrownBy(() -> runner(Map.of("tokens", tokens(null, other))).run())
                .isInstanceOfSatisfying(
                        AthanorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SPEC))
                .hasMessageContaining(hash(other))
                .hasMessageContaining(hash(own));
    }

    @Test
    void theSameFileIsTheSameTokenizerAndWhatTellsNothingIsLetPass() throws Exception {
        ArtifactId again = tokenizer("{}", 2);
        assertThat(again).isNotEqualTo(own);
        train(tokens(again, own), tokens(null, null));
    }

    private void train(ArtifactId tokens, ArtifactId more) throws Exception {
        assertThat(runner(Map.of("tokens", tokens, "tokens-2", more)).run().artifact())
                .isNotNull();
    }

    private StageRunner<PretrainSpec> runner(Map<String, ArtifactId> tokens) {
        var spec = (PretrainSpec) StageType.PRETRAIN.readSpec(Json.MAPPER.readTree("""
                {"steps": 2, "batchSize": 2, "precision": "fp32", "device": "cpu", "warmupSteps": 1, "validateEverySteps": 0,
                 "model": {"layers": 1, "heads": 2, "keyValueHeads": 2, "width": 16, "context": 16}}"""));
        return StageRunner.of(new PretrainStage(new TrainingListener() {}, new SoloGroups()), store)
                .spec(spec)
                .inputs(tokens)
                .input("tokenizer", own);
    }

    private ArtifactId tokenizer(String json, long seed) throws IOException {
        var file = new ArtifactFile("tokenizer.json", store.put(json.getBytes(StandardCharsets.UTF_8)));
        return publish(ArtifactKind.TOKENIZER, List.of(file), Map.of(), seed);
    }

    private String hash(ArtifactId tokenizer) throws IOException {
        return store.manifest(tokenizer).file("tokenizer.json").sha256();
    }

    /**
     * @param lineage tokenizer that the manifest names; null = none
     * @param header tokenizer that the shards name; null = none
     */
    private ArtifactId tokens(ArtifactId lineage, ArtifactId header) throws IOException {
        byte[] fingerprint = header == null ? new byte[32] : HexFormat.of().parseHex(hash(header));
        Path shard = Files.createTempFile(folder, "s", ".tokens");
        try (var writer = new TokenShardWriter(shard, 30, fingerprint)) {
            var ids = new int[200];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = i % 30;
            }
            writer.addDocument(ids, 0, ids.length);
            writer.finish();
        }
        return publish(
                ArtifactKind.TOKEN_SHARDS,
                List.of(new ArtifactFile("train/0.tokens", store.put(shard))),
                lineage == null ? Map.of() : Map.of("tokenizer", lineage),
                1);
    }

    private ArtifactId publish(ArtifactKind kind, List<ArtifactFile> files, Map<String, ArtifactId> inputs, long seed)
            throws IOException {
        return store.publish(new Manifest(
                kind, 1, files, new TreeMap<>(), new TreeMap<>(inputs), Json.tree(Map.of()), seed, "test", List.of()));
    }
}
