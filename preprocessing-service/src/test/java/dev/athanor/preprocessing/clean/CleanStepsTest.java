package dev.athanor.preprocessing.clean;

import static dev.athanor.preprocessing.Corpora.document;
import static dev.athanor.preprocessing.Corpora.prose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.document.LabelledExample;
import dev.athanor.contracts.document.Split;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.json.Json;
import dev.athanor.preprocessing.Corpora;
import dev.athanor.preprocessing.decontaminate.Contamination;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The steps that are off by default, through the stage. */
class CleanStepsTest {

    private static final String MAIL = "Please write to jane@example.org or call +49 30 1234567 today.";

    @TempDir
    Path folder;

    private ArtifactStore store;

    @BeforeEach
    void open() throws Exception {
        store = new LocalArtifactStore(folder.resolve("store"));
    }

    @Test
    void personalDataIsScrubbedAndCountedByKind() throws Exception {
        Manifest clean = clean(
                Map.of("pii", Map.of("mode", "scrub")),
                List.of(
                        List.of(
                                document("a", MAIL).withMetadata("author", "jane@example.org"),
                                document("b", prose(30, 1))),
                        List.of(document("c", "x@example.org"))));
        List<Document> documents = Corpora.read(store, clean);
        assertThat(documents).hasSize(2);
        assertThat(documents.getFirst().text()).isEqualTo("Please write to [EMAIL] or call [PHONE] today.");
        assertThat(documents.getFirst().metadata()).containsEntry("author", "[EMAIL]");
        assertThat(clean.counts())
                .containsEntry("pii.email", 1L)
                .containsEntry("pii.phone", 1L)
                .containsEntry("documents.with-pii", 1L);
        // What is shown of dropped documents is scrubbed too.
        assertThat(samples(clean).byReason().get("too-few-words"))
                .extracting(DropSample::text)
                .containsExactly("[EMAIL]");
    }

    @Test
    void personalDataDropsTheDocumentOrIsHashed() throws Exception {
        List<List<Document>> shards = List.of(List.of(document("a", MAIL), document("b", prose(30, 1))));
        Manifest dropped = clean(Map.of("pii", Map.of("mode", "drop")), shards);
        assertThat(dropped.countsUnder("documents.dropped.")).containsOnly(Map.entry("pii-email", 1L));
        assertThat(samples(dropped).byReason().get("pii-email"))
                .extracting(DropSample::text)
                .containsExactly("Please write to [EMAIL] or call [PHONE] today.");
        var hash = Map.of("pii", Map.of("mode", "hash", "hashKey", "ATHANOR_SECRET_TEST"));
        Manifest hashed = Corpora.run(
                new CleanStage(variable -> "0123456789abcdef" + variable),
                store,
                hash,
                "documents",
                Corpora.raw(store, shards));
        assertThat(Corpora.read(store, hashed).getFirst().text())
                .matches("Please write to \\[EMAIL:[0-9a-f]{16}] or call \\[PHONE:[0-9a-f]{16}] today\\.");
        assertThatThrownBy(() -> Corpora.run(
                        new CleanStage(variable -> null), store, hash, "documents", Corpora.raw(store, shards)))
                .isInstanceOf(AthanorException.class)
                .hasMessageContaining("pii.hashKey");
    }

    @Test
    void evaluationTextsAreDroppedAndReportedByBenchmark() throws Exception {
        var examples = new ArrayList<LabelledExample>();
        for (int i = 0; i < 6; i++) {
            Split split = i < 2 ? Split.TRAIN : i < 4 ? Split.VALIDATION : Split.TEST;
            examples.add(new LabelledExample("e" + i, prose(30, 100 + i), i % 2 == 0 ? "a" : "b", split));
        }
        var set = Corpora.labelled(store, examples);
        var other = Corpora.clean(store, List.of(List.of(document("q", prose(40, 7)))));
        List<List<Document>> shards = new ArrayList<>();
        for (int shard = 0; shard < 4; shard++) {
            // The first holds a training example, which is allowed to be there.
            String held = prose(30, shard == 0 ? 100 : 100 + shard + 1).replace(".", "");
            shards.add(List.of(
                    document(shard + "/a", prose(40, shard) + " " + held + " " + prose(40, 50 + shard)),
                    document(shard + "/b", prose(60, 20 + shard))));
        }
        Manifest clean = clean(
                Map.of(
                        "decontamination",
                        Map.of(
                                "benchmarks",
                                List.of(
                                        Map.of("name", "reviews", "artifact", set.value()),
                                        Map.of("name", "questions", "artifact", other.value())))),
                shards);
        assertThat(clean.countsUnder("documents.dropped.")).containsOnly(Map.entry("contaminated", 3L));
        assertThat(clean.countsUnder("contaminated."))
                .containsEntry("reviews.exact", 3L)
                .containsEntry("reviews.texts", 3L)
                .containsEntry("questions.exact", 0L);
        Contamination[] report =
                Json.MAPPER.readValue(store.open(clean.file("contamination.json")), Contamination[].class);
        assertThat(report).extracting(Contamination::benchmark).containsExactly("questions", "reviews");
        assertThat(report[1].texts()).isEqualTo(4);
        assertThat(report[1].found()).hasSize(3);
    }

    @Test
    void linesOfPdfTextsAreRepairedAndStopWordsTakenOut() throws Exception {
        String page =
                "The old bridge had stood for nearly four hundred years when the engi-\nneers came to measure it.";
        Manifest clean = clean(
                Map.of("standardization", Map.of("stopWords", "en", "keepTerms", List.of("came to"))),
                List.of(List.of(document("a.pdf", page).withMetadata("from", "pdf"), document("a.txt", page))));
        assertThat(Corpora.read(store, clean))
                .extracting(Document::text)
                .containsExactly(
                        "old bridge stood nearly four hundred years engineers came to measure.",
                        "old bridge stood nearly four hundred years engi-\nneers came to measure.");
    }

    private Manifest clean(Map<String, ?> spec, List<List<Document>> shards) throws Exception {
        return Corpora.run(new CleanStage(), store, spec, "documents", Corpora.raw(store, shards));
    }

    private DropSamples samples(Manifest manifest) throws Exception {
        var samples = new DropSamples();
        samples.addAll(store.open(manifest.file("samples.jsonl.zst")));
        return samples;
    }
}
