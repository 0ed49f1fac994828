package dev.athanor.preprocessing.clean;

import static dev.athanor.preprocessing.Corpora.document;
import static dev.athanor.preprocessing.Corpora.prose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.document.Document;
import dev.athanor.preprocessing.Corpora;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies beyond whole documents, through the stage with 1, 2 and 3 workers. */
class DedupStepsTest {

    private static final String NOTICE = "Subscribe to our newsletter for the best of bridges.";

    @TempDir
    Path folder;

    private ArtifactStore store;

    @BeforeEach
    void open() throws Exception {
        store = new LocalArtifactStore(folder.resolve("store"));
    }

    @Test
    void linesThatOccurredBeforeAreTakenOut() throws Exception {
        Manifest clean = clean(
                Map.of("lines", true),
                List.of(document("a", prose(20, 1) + "\n" + NOTICE + "\nshort"), document("b", prose(20, 2))),
                List.of(
                        document("c", NOTICE.toUpperCase(java.util.Locale.ROOT) + "\n" + prose(20, 3) + "\nshort"),
                        document("d", NOTICE)));
        assertThat(Corpora.read(store, clean))
                .extracting(Document::text)
                .containsExactly(prose(20, 1) + "\n" + NOTICE + "\nshort", prose(20, 2), prose(20, 3) + "\nshort");
        assertThat(clean.counts())
                .containsEntry("documents.shortened", 1L)
                .containsEntry("documents.dropped.duplicate-text", 1L)
                .containsEntry("characters.duplicate", NOTICE.length() + 1L);
    }

    @Test
    void paragraphsThatOccurredBeforeAreTakenOut() throws Exception {
        String paragraph = prose(12, 8) + "\n" + prose(12, 9);
        Manifest clean = clean(
                Map.of("paragraphs", true),
                List.of(document("a", paragraph + "\n\n" + prose(20, 1))),
                List.of(document("b", prose(20, 2) + "\n\n" + paragraph + "\n\n" + prose(12, 8))));
        assertThat(Corpora.read(store, clean))
                .extracting(Document::text)
                .containsExactly(paragraph + "\n\n" + prose(20, 1), prose(20, 2) + "\n\n" + prose(12, 8));
    }

    @Test
    void longRunsThatOccurredBeforeAreTakenOutWhereverTheyAre() throws Exception {
        String run =
                "zum Beispiel lässt sich über Brücken sagen, dass sie seit jeher Flüsse überqueren und Städte verbinden.";
        String text = prose(40, 1);
        Manifest clean = clean(
                Map.of("substring", 60),
                List.of(document("a", text + " " + run), document("b", prose(40, 2))),
                List.of(document("c", "Anders " + run + " Genau so."), document("d", run + run)));
        List<Document> documents = Corpora.read(store, clean);
        assertThat(documents.get(0).text()).isEqualTo(text + " " + run);
        // The blank before the run is part of what is equal.
        assertThat(documents.get(2).text()).isEqualTo("Anders Genau so.");
        assertThat(clean.countsUnder("documents.dropped.")).containsOnly(Map.entry("duplicate-text", 1L));
        // Nothing of 60 bytes and more is left twice.
        assertThat(documents).hasSize(3);
    }

    @Test
    void ofEqualUrlsTheFirstStaysAndItsTextDoesNotHideOthers() throws Exception {
        Manifest clean = clean(
                Map.of("urls", true),
                List.of(
                        document("https://example.org/a", prose(20, 1)),
                        document("https://www.example.org/a?utm_source=x", prose(20, 2))),
                List.of(document("https://example.org/b", prose(20, 2)), document("local", prose(20, 3))));
        assertThat(Corpora.read(store, clean))
                .extracting(Document::uri)
                .containsExactly("https://example.org/a", "https://example.org/b", "local");
        assertThat(clean.countsUnder("documents.dropped.")).containsOnly(Map.entry("duplicate-url", 1L));
    }

    @Test
    void documentsOfEarlierCorporaComeFirst() throws Exception {
        ArtifactId earlier = Corpora.clean(
                store, List.of(List.of(document("a", prose(80, 1)), document("b", NOTICE + "\n" + prose(30, 2)))));
        Map<String, Object> spec =
                Map.of("nearDedup", true, "dedup", Map.of("lines", true, "previous", List.of(earlier.value())));
        Manifest clean = Corpora.run(
                new CleanStage(),
                store,
                spec,
                "documents",
                Corpora.raw(
                        store,
                        List.of(List.of(
                                document("x", prose(80, 1)),
                                document("y", prose(80, 1).replace(".", " indeed")),
                                document("z", NOTICE + "\n" + prose(30, 3))))));
        assertThat(Corpora.read(store, clean)).extracting(Document::text).containsExactly(prose(30, 3));
        assertThat(clean.countsUnder("documents.dropped."))
                .containsExactlyInAnyOrderEntriesOf(Map.of("exact-duplicate", 1L, "near-duplicate", 1L));
        assertThat(clean.counts()).containsEntry("documents.in", 3L).containsEntry("documents", 1L);
        ArtifactId raw = Corpora.raw(store, List.of());
        assertThatThrownBy(() -> Corpora.run(
                        new CleanStage(),
                        store,
                        Map.of("dedup", Map.of("previous", List.of(raw.value()))),
                        "documents",
                        raw))
                .hasMessageContaining("dedup.previous[0]")
                .hasMessageContaining("clean-documents");
    }

    @SafeVarargs
    private Manifest clean(Map<String, ?> dedup, List<Document>... shards) throws Exception {
        return Corpora.run(
                new CleanStage(), store, Map.of("dedup", dedup), "documents", Corpora.raw(store, List.of(shards)));
    }
}
