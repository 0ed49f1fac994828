package dev.athanor.evaluation.perplexity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.PerplexitySpec;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.testing.TinyModels;
import dev.athanor.stage.testing.StageRunner;
import dev.athanor.tokenizers.Tokenizer;
import dev.athanor.tokenizers.shards.TokenShardWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class PerplexityStageTest {

    private static final String TEXT = "the film was a naïve and lovely film, the plot was not. ".repeat(40);

    @TempDir
    Path folder;

    private LocalArtifactStore store;

    private ArtifactId publish(ArtifactKind kind, List<ArtifactFile> files) throws IOException {
        return store.publish(new Manifest(
                kind, 1, files, new TreeMap<>(), new TreeMap<>(), Json.tree(Map.of()), 1, "test", List.of("CC0-1.0")));
    }

    @Test
    void anUntrainedModelGuessesAmongAllTokens() throws Exception {
        store = new LocalArtifactStore(folder.resolve("store"));
        Path made = TinyModels.languageModel(folder.resolve("lm"), List.of(TEXT));
        Tokenizer tokenizer = Tokenizer.load(made.resolve("tokenizer.json"));
        int[] ids = tokenizer.encodeIds(TEXT);
        Path shard = folder.resolve("shard.bin");
        try (var writer = new TokenShardWriter(shard, tokenizer.vocabSize())) {
            writer.addDocument(ids, 0, ids.length);
            writer.finish();
        }
        ArtifactId model = publish(ArtifactKind.LANGUAGE_MODEL, modelFiles(made));
        var shardBlob = store.put(shard);
        ArtifactId tokens = publish(
                ArtifactKind.TOKEN_SHARDS,
                List.of(
                        new ArtifactFile("train/00000.bin", shardBlob),
                        new ArtifactFile("validation/00000.bin", shardBlob)));

        var result = StageRunner.of(new PerplexityStage(), store)
                .input("model", model)
                .input("tokens", tokens)
                .run();
        JsonNode report;
        try (var in = store.open(result.manifest().file("report.json"))) {
            report = Json.MAPPER.readTree(in.readAllBytes());
        }
        double nats = report.get("natsPerToken").asDouble();
        assertThat(nats).isCloseTo(Math.log(tokenizer.vocabSize()), within(0.2));
        assertThat(report.get("perplexity").asDouble()).isCloseTo(Math.exp(nats), within(1e-6));
        int firstToken = tokenizer.decode(new int[] {ids[0]}).getBytes(StandardCharsets.UTF_8).length;
        assertThat(report.get("bytes").asInt())
                .as("all tokens but the first are predicted")
                .isEqualTo(TEXT.getBytes(StandardCharsets.UTF_8).length - firstToken);
        assertThat(report.get("bitsPerByte").asDouble())
                .isCloseTo(
                        nats
                                * (ids.length - 1)
                                / Math.log(2)
                                / report.get("bytes").asInt(),
                        within(1e-9));

        JsonNode baseline = report.get("baseline");
        assertThat(baseline.get("order").asInt()).isEqualTo(3);
        assertThat(baseline.get("trainingTokens").asInt()).isEqualTo(ids.length);
        assertThat(baseline.get("perplexity").asDouble())
                .as("a text that repeats itself is no riddle to trigrams")
                .isBetween(1.0, 2.0);
        var withoutBaseline = StageRunner.of(new PerplexityStage(), store)
                .input("model", model)
                .input("tokens", tokens)
                .spec(new PerplexitySpec(0, 16, 0, 1))
                .run();
        try (var in = store.open(withoutBaseline.manifest().file("report.json"))) {
            assertThat(Json.MAPPER.readTree(in.readAllBytes()).get("baseline").isNull())
                    .isTrue();
        }

        ArtifactId none = publish(ArtifactKind.TOKEN_SHARDS, List.of(new ArtifactFile("train/00000.bin", shardBlob)));
        assertThatThrownBy(() -> StageRunner.of(new PerplexityStage(), store)
                        .input("model", model)
                        .input("tokens", none)
                        .run())
                .hasMessageContaining("held-out");
    }

    @Test
    void anEncoderHasNoPerplexity() throws Exception {
        store = new LocalArtifactStore(folder.resolve("store"));
        Tokenizer tokenizer = TinyModels.tokenizer(List.of(TEXT));
        Path made = folder.resolve("encoder");
        try (LanguageModel model = LanguageModel.create(
                ModelConfig.bert(tokenizer.vocabSize(), 64, 1, 2, 16).build(), 1, Device.cpu())) {
            model.save(made);
        }
        tokenizer.save(made.resolve("tokenizer.json"));
        ArtifactId model = publish(ArtifactKind.LANGUAGE_MODEL, modelFiles(made));
        assertThatThrownBy(() -> run(model, tokens(tokenizer, new byte[32], Map.of())))
                .isInstanceOf(AthanorException.class)
                .hasMessageContaining("inputs.model")
                .hasMessageContaining("an encoder")
                .hasMessageContaining("expected a decoder");
    }

    /** By their lineage, and where there is none by what the shards say; what says nothing is scored. */
    @Test
    void tokensOfAnotherTokenizerAreRefused() throws Exception {
        store = new LocalArtifactStore(folder.resolve("store"));
        Path made = TinyModels.languageModel(folder.resolve("lm"), List.of(TEXT));
        Tokenizer tokenizer = Tokenizer.load(made.resolve("tokenizer.json"));
        List<ArtifactFile> files = modelFiles(made);
        ArtifactId model = publish(ArtifactKind.LANGUAGE_MODEL, files);
        ArtifactFile own = files.getLast();
        ArtifactFile strange = new ArtifactFile("tokenizer.json", store.put("{}".getBytes(StandardCharsets.UTF_8)));
        byte[] unknown = new byte[32];
        ArtifactId encodedBy = publish(ArtifactKind.TOKENIZER, List.of(strange));
        ArtifactId sameBytes = publish(ArtifactKind.TOKENIZER, List.of(own));
        assertThatThrownBy(() -> run(model, tokens(tokenizer, unknown, Map.of("tokenizer", encodedBy))))
                .isInstanceOf(AthanorException.class)
                .hasMessageContaining("inputs.tokens")
                .hasMessageContaining(encodedBy.value());
        byte[] hash = HexFormat.of().parseHex(strange.blob().sha256());
        assertThatThrownBy(() -> run(model, tokens(tokenizer, hash, Map.of())))
                .isInstanceOf(AthanorException.class)
                .hasMessageContaining("inputs.tokens")
                .hasMessageContaining(strange.blob().sha256());
        run(model, tokens(tokenizer, HexFormat.of().parseHex(own.blob().sha256()), Map.of("tokenizer", sameBytes)));
        run(model, tokens(tokenizer, unknown, Map.of()));
    }

    private void run(ArtifactId model, ArtifactId tokens) throws Exception {
        StageRunner.of(new PerplexityStage(), store)
                .input("model", model)
                .input("tokens", tokens)
                .run();
    }

    private List<ArtifactFile> modelFiles(Path made) throws IOException {
        List<ArtifactFile> files = new ArrayList<>();
        for (String name : List.of("config.json", "model.safetensors", "tokenizer.json")) {
            files.add(new ArtifactFile(name, store.put(made.resolve(name))));
        }
        return files;
    }

    private ArtifactId tokens(Tokenizer tokenizer, byte[] fingerprint, Map<String, ArtifactId> inputs)
            throws IOException {
        int[] ids = tokenizer.encodeIds(TEXT);
        Path shard = Files.createTempFile(folder, "shard", ".tokens");
        try (var writer = new TokenShardWriter(shard, tokenizer.vocabSize(), fingerprint)) {
            writer.addDocument(ids, 0, ids.length);
            writer.finish();
        }
        var blob = store.put(shard);
        return store.publish(new Manifest(
                ArtifactKind.TOKEN_SHARDS,
                1,
                List.of(new ArtifactFile("train/0.tokens", blob), new ArtifactFile("validation/0.tokens", blob)),
                new TreeMap<>(),
                new TreeMap<>(inputs),
                Json.tree(Map.of()),
                1,
                "test",
                List.of()));
    }
}
