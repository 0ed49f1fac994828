package dev.athanor.ingestion.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.artifacts.ledger.Takedown;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.SourceSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TakedownTest {

    @TempDir
    Path folder;

    private static Manifest from(ArtifactKind kind, Map<String, ArtifactId> inputs) {
        return new Manifest(
                kind,
                1,
                List.of(),
                new TreeMap<>(),
                new TreeMap<>(inputs),
                Json.MAPPER.readTree("{}"),
                1,
                "test",
                List.of());
    }

    @Test
    void findsTheShardAndEverythingMadeFromIt() throws Exception {
        Path data = Files.createDirectories(folder.resolve("data"));
        Files.writeString(data.resolve("a.jsonl"), "{\"text\":\"mine\"}\n{\"text\":\"other\"}\n");
        var ingestion = new Ingestion(folder.resolve("store"), data);
        Manifest corpus = ingestion.run(new SourceSpec.Folder("f", data.toString(), null, null));
        ArtifactId clean =
                ingestion.store.publish(from(ArtifactKind.CLEAN_DOCUMENTS, Map.of("documents", corpus.id())));
        ArtifactId model = ingestion.store.publish(from(ArtifactKind.LANGUAGE_MODEL, Map.of("tokens", clean)));
        ingestion.store.publish(from(ArtifactKind.TOKENIZER, Map.of()));

        var takedown = new Takedown(ingestion.store);
        String hash = Json.sha256Hex("mine".getBytes(StandardCharsets.UTF_8));
        for (var query : List.of(
                new Takedown.Query("a.jsonl#row=1", null, null),
                new Takedown.Query("a.jsonl", null, null),
                new Takedown.Query(null, ingestion.documents(corpus).getFirst().id(), null),
                new Takedown.Query(null, null, hash))) {
            Takedown.Report report = takedown.find(query);
            assertThat(report.reached())
                    .extracting(Takedown.Reached::artifact)
                    .containsExactly(corpus.id(), clean, model);
            assertThat(report.reached().getFirst().files())
                    .isEqualTo(java.util.Set.of(
                            corpus.filesUnder("documents/").getFirst().name()));
            assertThat(report.entries()).containsOnlyKeys(corpus.id().value());
        }
        assertThat(takedown.find(new Takedown.Query("nowhere", null, null)).reached())
                .isEmpty();
        assertThatThrownBy(() -> new Takedown.Query(null, " ", null)).hasMessageContaining("url, id and textSha256");
    }
}
