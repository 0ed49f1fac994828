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

    /** Cleaned, cut and put together with another, so that neither address nor hash are left. */
    @Test
    void findsWordsWhereverTheyWentAndWhatWasMadeOfThem() throws Exception {
        Path data = Files.createDirectories(folder.resolve("data"));
        Files.writeString(data.resolve("a.txt"), "Header.\n\nThe  quick brown fox\njumps over the lazy dog.\n");
        Files.writeString(data.resolve("b.txt"), "Something else altogether, of no interest.");
        var ingestion = new Ingestion(folder.resolve("store"), data);
        Manifest raw = ingestion.run(new SourceSpec.Folder("f", data.toString(), null, null));
        ArtifactId clean = texts(
                ingestion,
                ArtifactKind.CLEAN_DOCUMENTS,
                "documents/",
                "and then: the QUICK brown fox jumps, over the lazy dog",
                raw.id());
        ArtifactId other =
                texts(ingestion, ArtifactKind.CLEAN_DOCUMENTS, "documents/", "a brown bear sleeps under the dog", null);
        ArtifactId labelled = texts(
                ingestion,
                ArtifactKind.LABELLED_EXAMPLES,
                "train/",
                "\u201cThe quick brown fox jumps over\u201d",
                null);
        ArtifactId model = ingestion.store.publish(from(ArtifactKind.CLASSIFIER, Map.of("examples", labelled)));

        Takedown.Report report =
                new Takedown(ingestion.store).find(new Takedown.Query(null, null, null, "Quick brown\tfox jumps over"));
        assertThat(report.reached())
                .extracting(Takedown.Reached::artifact)
                .containsExactlyInAnyOrder(raw.id(), clean, labelled, model)
                .doesNotContain(other);
        assertThat(report.reached().stream()
                        .filter(r -> r.artifact().equals(labelled))
                        .toList()
                        .getFirst()
                        .files())
                .containsExactly("train/0.jsonl.zst");
        assertThat(report.entries().get(raw.id().value()))
                .extracting(dev.athanor.artifacts.ledger.LedgerEntry::uri)
                .containsExactly("a.txt");
        assertThatThrownBy(() -> new Takedown.Query(null, null, null, "too short"))
                .hasMessageContaining("20 letters");
    }

    private static ArtifactId texts(
            Ingestion ingestion, ArtifactKind kind, String folder, String text, ArtifactId input) throws Exception {
        byte[] shard = com.github.luben.zstd.Zstd.compress(
                (Json.MAPPER.writeValueAsString(Map.of("id", "x", "text", text)) + "\n")
                        .getBytes(StandardCharsets.UTF_8));
        return ingestion.store.publish(new Manifest(
                kind,
                1,
                List.of(new dev.athanor.contracts.artifact.ArtifactFile(
                        folder + "0.jsonl.zst", ingestion.store.put(shard))),
                new TreeMap<>(),
                input == null ? new TreeMap<>() : new TreeMap<>(Map.of("documents", input)),
                Json.MAPPER.readTree("{}"),
                1,
                "test",
                List.of()));
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
                new Takedown.Query("a.jsonl#row=1", null, null, null),
                new Takedown.Query("a.jsonl", null, null, null),
                new Takedown.Query(null, ingestion.documents(corpus).getFirst().id(), null, null),
                new Takedown.Query(null, null, hash, null))) {
            Takedown.Report report = takedown.find(query);
            assertThat(report.reached())
                    .extracting(Takedown.Reached::artifact)
                    .containsExactly(corpus.id(), clean, model);
            assertThat(report.reached().getFirst().files())
                    .isEqualTo(java.util.Set.of(
                            corpus.filesUnder("documents/").getFirst().name()));
            assertThat(report.entries()).containsOnlyKeys(corpus.id().value());
        }
        assertThat(takedown.find(new Takedown.Query("nowhere", null, null, null))
                        .reached())
                .isEmpty();
        assertThatThrownBy(() -> new Takedown.Query(null, " ", null, null))
                .hasMessageContaining("url, id and textSha256");
    }
}
