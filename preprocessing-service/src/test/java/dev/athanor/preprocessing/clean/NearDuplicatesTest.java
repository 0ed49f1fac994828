package dev.athanor.preprocessing.clean;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.json.SpecReader;
import dev.athanor.contracts.spec.CleanSpec;
import dev.athanor.preprocessing.Corpora;
import dev.athanor.preprocessing.Shared;
import dev.athanor.stage.testing.StageRunner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole stage on 18,000 reviews and 2,000 of them again with 2% of their words left out. */
class NearDuplicatesTest {

    private static final int REVIEWS = 18_000;
    private static final int PLANTED = 2_000;
    private static final int A_SHARD = 2_500;

    @TempDir
    Path folder;

    @Test
    void plantedNearDuplicatesGoWhoeverDoesTheWork() throws Exception {
        List<Document> documents = documents();
        var shards = new ArrayList<List<Document>>();
        for (int from = 0; from < documents.size(); from += A_SHARD) {
            shards.add(documents.subList(from, from + A_SHARD));
        }
        ArtifactStore store = new LocalArtifactStore(folder.resolve("store"));
        ArtifactId raw = Corpora.raw(store, shards);
        StageRunner.Result calm = run(store, raw).workers(1).run();
        assertThat(run(store, raw).workers(2).run().artifact()).isEqualTo(calm.artifact());
        assertThat(run(store, raw).workers(5).disturbed(3).run().artifact()).isEqualTo(calm.artifact());

        Set<String> kept = new HashSet<>();
        Corpora.read(store, calm.manifest()).forEach(document -> kept.add(document.uri()));
        List<Document> dropped =
                documents.stream().filter(d -> !kept.contains(d.uri())).toList();
        long found = dropped.stream().filter(d -> d.uri().startsWith("planted")).count();
        long right = found
                + withTwin(
                        dropped.stream()
                                .filter(d -> !d.uri().startsWith("planted"))
                                .toList(),
                        documents);
        System.out.printf(
                "near-duplicates: %d of %d planted found, %d of %d dropped are right%n",
                found, PLANTED, right, dropped.size());
        assertThat(found / (double) PLANTED).isGreaterThanOrEqualTo(0.953);
        assertThat(right / (double) dropped.size()).isGreaterThanOrEqualTo(0.99);
    }

    private static StageRunner<CleanSpec> run(ArtifactStore store, ArtifactId raw) {
        var spec = Map.of("profile", "none", "normalization", "none", "exactDedup", false, "nearDedup", true);
        return StageRunner.of(new CleanStage(), store)
                .spec((CleanSpec) SpecReader.read(Json.tree(spec), CleanSpec.DEFAULTS))
                .input("documents", raw);
    }

    private static List<Document> documents() throws Exception {
        var documents = new ArrayList<Document>();
        for (var row : Shared.jsonLines("data/imdb/train.jsonl.zst").subList(0, REVIEWS)) {
            documents.add(Corpora.document(
                    "review-" + documents.size(), row.get("text").asString()));
        }
        var random = new Random(11);
        for (int i = 0; i < PLANTED; i++) {
            var words = new ArrayList<String>();
            for (String word : documents.get(random.nextInt(REVIEWS)).text().split(" ")) {
                if (random.nextDouble() >= 0.02) {
                    words.add(word);
                }
            }
            documents.add(Corpora.document("planted-" + i, String.join(" ", words)));
        }
        return documents;
    }

    /** How many of the documents have a twin: another one with two fifths of the 5-grams of both. */
    private static long withTwin(List<Document> documents, List<Document> all) {
        var sizes = new HashMap<String, Integer>();
        var holders = new HashMap<Integer, List<String>>();
        for (Document document : documents) {
            Set<Integer> own = shingles(document.text());
            sizes.put(document.uri(), own.size());
            own.forEach(shingle ->
                    holders.computeIfAbsent(shingle, s -> new ArrayList<>()).add(document.uri()));
        }
        Set<String> found = new HashSet<>();
        for (Document other : all) {
            Set<Integer> theirs = shingles(other.text());
            var shared = new HashMap<String, Integer>();
            theirs.forEach(shingle ->
                    holders.getOrDefault(shingle, List.of()).forEach(uri -> shared.merge(uri, 1, Integer::sum)));
            shared.remove(other.uri());
            shared.forEach((uri, both) -> {
                if (both > 0.4 * (sizes.get(uri) + theirs.size() - both)) {
                    found.add(uri);
                }
            });
        }
        return found.size();
    }

    private static Set<Integer> shingles(String text) {
        List<String> words = List.of(text.split("\\W+"));
        var shingles = new HashSet<Integer>();
        for (int i = 0; i + 5 <= words.size(); i++) {
            shingles.add(words.subList(i, i + 5).hashCode());
        }
        return shingles;
    }
}
