package dev.athanor.trainer.pretraining;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.json.Json;
import dev.athanor.tokenizers.shards.TokenShardWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Small artifacts to train on. */
public record TokenArtifacts(ArtifactStore store, Path folder) {

    static final int VOCABULARY = 50;

    /** Shards of documents in which each id mostly follows from the one before. */
    public ArtifactId tokens(int shards, int documents) throws IOException {
        var random = new Random(1);
        List<ArtifactFile> files = new ArrayList<>();
        for (String split : List.of("train", "validation")) {
            for (int s = 0; s < shards; s++) {
                Path file = folder.resolve(split + s + documents + ".tokens");
                try (var writer = new TokenShardWriter(file, VOCABULARY)) {
                    for (int d = 0; d < documents; d++) {
                        var ids = new int[20];
                        for (int i = 1; i < ids.length; i++) {
                            ids[i] = (ids[i - 1] * 3 + random.nextInt(2)) % VOCABULARY;
                        }
                        writer.addDocument(ids, 0, ids.length);
                    }
                    writer.finish();
                }
                files.add(new ArtifactFile("%s/%05d.tokens".formatted(split, s), store.put(file)));
            }
        }
        return publish(ArtifactKind.TOKEN_SHARDS, files);
    }

    /** One shard of documents over the lower half of the ids, but for one in the middle, whose ids are of the upper half. */
    ArtifactId tokensWithAStranger(int documents) throws IOException {
        var random = new Random(1);
        List<ArtifactFile> files = new ArrayList<>();
        for (String split : List.of("train", "validation")) {
            Path file = folder.resolve(split + "-stranger.tokens");
            int half = VOCABULARY / 2;
            try (var writer = new TokenShardWriter(file, VOCABULARY)) {
                for (int d = 0; d < documents; d++) {
                    boolean stranger = split.equals("train") && d == documents / 2;
                    var ids = new int[20];
                    for (int i = 1; i < ids.length; i++) {
                        ids[i] = stranger ? half + random.nextInt(half) : (ids[i - 1] * 3 + random.nextInt(2)) % half;
                    }
                    writer.addDocument(ids, 0, ids.length);
                }
                writer.finish();
            }
            files.add(new ArtifactFile(split + "/00000.tokens", store.put(file)));
        }
        return publish(ArtifactKind.TOKEN_SHARDS, files);
    }

    public ArtifactId tokenizer() throws IOException {
        var file = new ArtifactFile("tokenizer.json", store.put("{}".getBytes(StandardCharsets.UTF_8)));
        return publish(ArtifactKind.TOKENIZER, List.of(file));
    }

    private ArtifactId publish(ArtifactKind kind, List<ArtifactFile> files) throws IOException {
        return store.publish(new Manifest(
                kind, 1, files, new TreeMap<>(), new TreeMap<>(), Json.tree(Map.of()), 1, "test", List.of("CC0-1.0")));
    }
}
