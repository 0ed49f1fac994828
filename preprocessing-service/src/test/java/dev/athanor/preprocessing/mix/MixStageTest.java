package dev.athanor.preprocessing.mix;

import static dev.athanor.preprocessing.Corpora.prose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.spec.MixSpec;
import dev.athanor.preprocessing.Corpora;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MixStageTest {

    @TempDir
    Path folder;

    private ArtifactStore store;

    @BeforeEach
    void open() throws Exception {
        store = new LocalArtifactStore(folder.resolve("store"));
    }

    @Test
    void groupsHaveTheirSharesForAnyNumberOfWorkers() throws Exception {
        Manifest mixed = mix(
                Map.of(
                        "groups",
                        List.of(
                                Map.of("name", "news", "source", "news", "weight", 3, "maxEpochs", 2.5),
                                Map.of("name", "german", "domain", "example.de", "language", "de", "weight", 1)),
                        "restWeight",
                        0),
                corpus("news", "https://a.org/", "en", 120),
                corpus("web", "https://www.example.de/", "de", 400),
                corpus("web", "https://www.example.de/", "en", 30));
        double news = mixed.counts().get("mixed.news.characters");
        double german = mixed.counts().get("mixed.german.characters");
        // 300 news documents (2.5 epochs of 120) set the size: 100 of the 400 German ones.
        assertThat(news / german).isCloseTo(3, within(0.6));
        assertThat(mixed.counts().get("mixed.news.documents")).isBetween(280L, 320L);
        assertThat(mixed.counts()).doesNotContainKey("mixed.rest.documents").containsEntry("documents.in", 550L);
        List<Document> documents = Corpora.read(store, mixed);
        assertThat(documents.stream().map(Document::id).distinct().count()).isLessThan(documents.size());
        assertThat(documents.stream().filter(d -> "2".equals(d.metadata().get("epoch"))))
                .allMatch(d -> d.source().equals("news"));
    }

    @Test
    void otherCorporaAreMixedInAndTheSeedChoosesTheDocuments() throws Exception {
        ArtifactId other = Corpora.clean(store, List.of(corpus("other", "o/", null, 50)));
        var spec = Map.of("also", List.of(other.value()), "characters", 4000);
        Manifest mixed = mix(spec, corpus("one", "f/", null, 50));
        assertThat(mixed.counts().get("characters")).isBetween(2000L, 6000L);
        assertThat(Corpora.read(store, mixed)).extracting(Document::source).contains("one", "other");
    }

    @Test
    void whatACappedGroupCannotGiveTheOthersGive() {
        var groups = new Groups(new MixSpec(
                List.of(),
                List.of(
                        new MixSpec.Group("a", "a", null, null, 1, 2.0),
                        new MixSpec.Group("b", "b", null, null, 1, 10.0)),
                0,
                1,
                1000));
        assertThat(groups.epochs(new long[] {100, 200, 999})).containsExactly(2, 4, 0);
        assertThat(groups.epochs(new long[] {0, 200, 999})).containsExactly(0, 5, 0);
    }

    private static List<Document> corpus(String source, String uri, String language, int documents) {
        var all = new ArrayList<Document>();
        for (int i = 0; i < documents; i++) {
            String text = prose(20, i * 31L + source.hashCode());
            String at = uri + language + "/" + i;
            all.add(new Document(
                    Document.idOf(source, at, text),
                    text,
                    "text/plain",
                    source,
                    at,
                    null,
                    language,
                    null,
                    new TreeMap<>()));
        }
        return all;
    }

    @SafeVarargs
    private Manifest mix(Map<String, ?> spec, List<Document>... shards) throws Exception {
        return Corpora.run(new MixStage(), store, spec, "documents", Corpora.clean(store, List.of(shards)));
    }
}
