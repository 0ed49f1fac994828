package dev.athanor.preprocessing.clean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.artifacts.shards.DocumentShardReader;
import dev.athanor.artifacts.shards.DocumentShardWriter;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.CleanSpec;
import dev.athanor.stage.testing.StageRunner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CleanStageTest {

    private static final List<String> WORDS = List.of(
            "the", "ship", "sailed", "slowly", "to", "a", "distant", "harbour", "where", "people", "waited", "with",
            "lamps");

    @TempDir
    Path folder;

    private ArtifactStore store;

    @BeforeEach
    void open() throws Exception {
        store = new LocalArtifactStore(folder.resolve("store"));
    }

    @Test
    void sameBytesForAnyNumberOfWorkersAndWithKills() throws Exception {
        var raw = publish(shards(6, 40));
        CleanSpec spec = spec(Map.of("shardBytes", 8192));
        var calm = StageRunner.of(new CleanStage(), store)
                .spec(spec)
                .input("documents", raw)
                .run();
        for (int workers : new int[] {2, 5}) {
            var wild = StageRunner.of(new CleanStage(), store)
                    .spec(spec)
                    .input("documents", raw)
                    .workers(workers)
                    .disturbed(workers)
                    .run();
            assertThat(wild.artifact()).isEqualTo(calm.artifact());
        }
        assertThat(calm.manifest().filesUnder("documents/")).hasSizeGreaterThan(2);
    }

    @Test
    void everyDocumentIsKeptOrCountedAsDroppedAndTheFirstOfCopiesStays() throws Exception {
        List<List<Document>> shards = shards(4, 25);
        Document first = shards.getFirst().get(3);
        shards.get(2).set(0, document("copy", first.text().toUpperCase(java.util.Locale.ROOT), "text/plain"));
        shards.get(3).set(5, document("copy-2", "\t" + first.text().replace(" ", "  "), "text/plain"));
        shards.get(1).set(1, document("blank", " \u200b\n", "text/plain"));
        shards.get(1).set(2, document("short", "Two words", "text/plain"));
        var result = StageRunner.of(new CleanStage(), store)
                .input("documents", publish(shards))
                .run();
        assertThat(result.manifest().countsUnder("documents.dropped."))
                .containsExactlyInAnyOrderEntriesOf(Map.of("exact-duplicate", 2L, "empty", 1L, "too-few-words", 1L));
        List<Document> kept = read(result.manifest());
        assertThat(kept)
                .hasSize(96)
                .extracting(Document::uri)
                .contains(first.uri())
                .doesNotContain("copy", "copy-2");
        assertThat(result.manifest().counts())
                .containsEntry("documents.in", 100L)
                .containsEntry("documents", 96L);
        assertThat(result.manifest().licences()).containsExactly("CC0-1.0");
        var samples = new DropSamples();
        samples.addAll(store.open(result.manifest().file("samples.jsonl.zst")));
        assertThat(samples.byReason()).containsOnlyKeys("exact-duplicate", "empty", "too-few-words");
        assertThat(samples.byReason().get("exact-duplicate"))
                .extracting(DropSample::uri)
                .containsExactly("copy", "copy-2");
    }

    @Test
    void nearDuplicatesGoWhateverTheNumberOfWorkers() throws Exception {
        List<List<Document>> shards = shards(4, 30);
        for (int i = 0; i < 10; i++) {
            String text = shards.get(0).get(i).text();
            shards.get(3).set(i, document("near-" + i, text.replace(".", " indeed!"), "text/plain"));
        }
        shards.get(2).set(0, document("exact", shards.get(0).get(0).text(), "text/plain"));
        var raw = publish(shards);
        CleanSpec spec = spec(Map.of("nearDedup", true));
        var calm = StageRunner.of(new CleanStage(), store)
                .spec(spec)
                .input("documents", raw)
                .run();
        assertThat(calm.manifest().countsUnder("documents.dropped."))
                .containsExactlyInAnyOrderEntriesOf(Map.of("exact-duplicate", 1L, "near-duplicate", 10L));
        assertThat(read(calm.manifest())).hasSize(109).noneMatch(d -> d.uri().startsWith("near-"));
        for (int workers : new int[] {2, 5}) {
            var wild = StageRunner.of(new CleanStage(), store)
                    .spec(spec)
                    .input("documents", raw)
                    .workers(workers)
                    .disturbed(workers)
                    .run();
            assertThat(wild.artifact()).isEqualTo(calm.artifact());
        }
    }

    @Test
    void htmlBecomesTextWithItsTitle() throws Exception {
        String html =
                "<html lang=en><head><title>A walk | Example</title></head><body><nav>Home About</nav><article><h1>A walk</h1>"
                        + "<p>We walked along the river, past the mill, and met nobody at all that day.</p>"
                        + "<p>In the evening, when the lamps were lit, the village seemed to have woken again.</p></article>"
                        + "<div class=cookie-banner>We use cookies</div></body></html>";
        var result = StageRunner.of(new CleanStage(), store)
                .input("documents", publish(List.of(List.of(document("https://example.org/a", html, "text/html")))))
                .run();
        Document page = read(result.manifest()).getFirst();
        assertThat(page.mediaType()).isEqualTo("text/plain");
        assertThat(page.metadata()).containsEntry("title", "A walk").containsEntry("declared-language", "en");
        assertThat(page.text())
                .isEqualTo("A walk\nWe walked along the river, past the mill, and met nobody at all that day.\n"
                        + "In the evening, when the lamps were lit, the village seemed to have woken again.");
    }

    @Test
    void dedupCanBeSwitchedOffAndNoInputGivesAnEmptyCorpus() throws Exception {
        Document twin = document("a", "Four words are here.", "text/plain");
        var result = StageRunner.of(new CleanStage(), store)
                .spec(spec(Map.of("exactDedup", false)))
                .input("documents", publish(List.of(List.of(twin, twin))))
                .run();
        assertThat(read(result.manifest())).hasSize(2);
        var empty = StageRunner.of(new CleanStage(), store)
                .input("documents", publish(List.of()))
                .run();
        assertThat(empty.manifest().filesUnder("documents/")).isEmpty();
    }

    @Test
    void unknownFiltersAndLimitsAreRefusedByName() throws Exception {
        var raw = publish(shards(1, 2));
        assertThatThrownBy(() -> StageRunner.of(new CleanStage(), store)
                        .spec(spec(Map.of("filters", List.of("length", "sparkle"))))
                        .input("documents", raw)
                        .run())
                .isInstanceOf(AthanorException.class)
                .hasMessageContaining("filters[1]")
                .hasMessageContaining("sparkle")
                .hasMessageContaining("gopher-quality");
        assertThatThrownBy(() -> StageRunner.of(new CleanStage(), store)
                        .spec(spec(Map.of("limits", Map.of("length", Map.of("minWord", 3)))))
                        .input("documents", raw)
                        .run())
                .isInstanceOf(AthanorException.class)
                .hasMessageContaining("limits.length.minWord");
    }

    private static CleanSpec spec(Map<String, Object> changes) {
        return dev.athanor.contracts.json.SpecReader.read(Json.tree(changes), CleanSpec.DEFAULTS);
    }

    private static List<List<Document>> shards(int shards, int documents) {
        var random = new Random(5);
        var all = new ArrayList<List<Document>>();
        for (int s = 0; s < shards; s++) {
            var shard = new ArrayList<Document>();
            for (int d = 0; d < documents; d++) {
                var text = new StringBuilder("Number " + s + " " + d);
                for (int w = 0; w < 60; w++) {
                    text.append(' ').append(WORDS.get(random.nextInt(WORDS.size())));
                }
                shard.add(document(s + "/" + d, text.append('.').toString(), "text/plain"));
            }
            all.add(shard);
        }
        return all;
    }

    private static Document document(String uri, String text, String mediaType) {
        return new Document(
                Document.idOf("test", uri, text), text, mediaType, "test", uri, "CC0-1.0", null, null, new TreeMap<>());
    }

    private ArtifactId publish(List<List<Document>> shards) throws Exception {
        var files = new ArrayList<ArtifactFile>();
        for (int i = 0; i < shards.size(); i++) {
            Path file = folder.resolve("raw-" + System.nanoTime() + ".zst");
            try (var out = new DocumentShardWriter(file)) {
                for (Document document : shards.get(i)) {
                    out.write(document);
                }
            }
            files.add(new ArtifactFile("documents/shard-%05d.jsonl.zst".formatted(i), store.put(file)));
        }
        return store.publish(new Manifest(
                ArtifactKind.RAW_DOCUMENTS,
                1,
                files,
                new TreeMap<>(),
                new TreeMap<>(),
                Json.tree(Map.of()),
                1,
                "test",
                List.of("CC0-1.0")));
    }

    private List<Document> read(Manifest manifest) throws Exception {
        var documents = new ArrayList<Document>();
        for (ArtifactFile file : manifest.filesUnder("documents/")) {
            try (var in = new DocumentShardReader(store, file.blob())) {
                in.forEach(documents::add);
            }
        }
        return documents;
    }
}
