package dev.athanor.preprocessing.classify;

import static dev.athanor.preprocessing.Corpora.document;
import static dev.athanor.preprocessing.Corpora.prose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.document.LabelledExample;
import dev.athanor.contracts.document.Split;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.preprocessing.Corpora;
import dev.athanor.preprocessing.clean.CleanStage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextClassifierTest {

    @TempDir
    Path folder;

    private ArtifactStore store;

    @BeforeEach
    void open() throws Exception {
        store = new LocalArtifactStore(folder.resolve("store"));
    }

    @Test
    void aTrainedClassifierJudgesDocumentsThatItHasNotSeen() throws Exception {
        var examples = new ArrayList<LabelledExample>();
        for (int i = 0; i < 200; i++) {
            boolean good = i % 2 == 0;
            Split split = i < 160 ? Split.TRAIN : i < 180 ? Split.VALIDATION : Split.TEST;
            examples.add(new LabelledExample("e" + i, text(good, i), good ? "good" : "bad", split));
        }
        Manifest trained = Corpora.run(
                new TrainTextClassifierStage(),
                store,
                Map.of("buckets", 4096),
                "examples",
                Corpora.labelled(store, examples));
        assertThat(trained.counts())
                .containsEntry("examples.train", 160L)
                .containsEntry("examples.test", 20L)
                .hasEntrySatisfying(
                        "test.correct", correct -> assertThat(correct).isGreaterThanOrEqualTo(19));
        var shards = new ArrayList<List<Document>>();
        for (int shard = 0; shard < 3; shard++) {
            shards.add(List.of(
                    document("good/" + shard, text(true, 500 + shard)),
                    document("bad/" + shard, text(false, 600 + shard))));
        }
        Manifest clean = clean(trained.id(), "good", shards);
        assertThat(Corpora.read(store, clean)).extracting(Document::uri).containsExactly("good/0", "good/1", "good/2");
        assertThat(clean.countsUnder("documents.dropped.")).containsOnly(Map.entry("classifier-good", 3L));
        assertThatThrownBy(() -> clean(trained.id(), "great", shards))
                .isInstanceOf(AthanorException.class)
                .hasMessageContaining("limits.classifier.label")
                .hasMessageContaining("good");
        assertThatThrownBy(() -> clean(Corpora.clean(store, shards), "good", shards))
                .isInstanceOf(AthanorException.class)
                .hasMessageContaining("limits.classifier.model")
                .hasMessageContaining("clean-documents");
    }

    private Manifest clean(ArtifactId model, String label, List<List<Document>> shards) throws Exception {
        return Corpora.run(
                new CleanStage(),
                store,
                Map.of(
                        "profile",
                        "none",
                        "filters",
                        List.of("classifier"),
                        "limits",
                        Map.of("classifier", Map.of("model", model.value(), "label", label))),
                "documents",
                Corpora.raw(store, shards));
    }

    /** Words of both kinds are equal in part, as those of real texts are. */
    private static String text(boolean good, int seed) {
        return prose(12, seed) + (good ? " A careful study of the sources" : " Hot stuff, so cheap, wow") + " "
                + prose(6, seed + 7);
    }
}
