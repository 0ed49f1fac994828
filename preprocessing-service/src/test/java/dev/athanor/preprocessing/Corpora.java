package dev.athanor.preprocessing;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.artifacts.shards.DocumentShardReader;
import dev.athanor.artifacts.shards.DocumentShardWriter;
import dev.athanor.artifacts.shards.LabelledShardWriter;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.document.LabelledExample;
import dev.athanor.contracts.document.Split;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.json.SpecReader;
import dev.athanor.stage.api.Stage;
import dev.athanor.stage.testing.StageRunner;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Small corpora in a store, and stages run on them. */
public final class Corpora {

    private static final List<String> WORDS = List.of(
            "the",
            "ship",
            "sailed",
            "slowly",
            "to",
            "a",
            "distant",
            "harbour",
            "where",
            "people",
            "waited",
            "with",
            "lamps",
            "and",
            "old",
            "songs",
            "of",
            "rain",
            "iron",
            "bread",
            "silver",
            "stones",
            "under",
            "green",
            "hills",
            "nobody",
            "remembered",
            "which",
            "road",
            "led",
            "home",
            "before",
            "winter",
            "came",
            "over",
            "quiet",
            "fields");

    private Corpora() {}

    public static Document document(String uri, String text) {
        return new Document(
                Document.idOf("test", uri, text),
                text,
                "text/plain",
                "test",
                uri,
                "CC0-1.0",
                null,
                null,
                new TreeMap<>());
    }

    /** Sentences of common words; equal seeds give equal texts. */
    public static String prose(int words, long seed) {
        var random = new Random(seed);
        var text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            text.append(i == 0 ? "" : " ").append(WORDS.get(random.nextInt(WORDS.size())));
        }
        return text.append('.').toString();
    }

    public static ArtifactId raw(ArtifactStore store, List<List<Document>> shards) throws Exception {
        return publish(store, ArtifactKind.RAW_DOCUMENTS, shards);
    }

    public static ArtifactId clean(ArtifactStore store, List<List<Document>> shards) throws Exception {
        return publish(store, ArtifactKind.CLEAN_DOCUMENTS, shards);
    }

    private static ArtifactId publish(ArtifactStore store, ArtifactKind kind, List<List<Document>> shards)
            throws Exception {
        var files = new ArrayList<ArtifactFile>();
        for (List<Document> shard : shards) {
            var bytes = new ByteArrayOutputStream();
            try (var out = new DocumentShardWriter(bytes)) {
                for (Document document : shard) {
                    out.write(document);
                }
            }
            files.add(new ArtifactFile(
                    "documents/shard-%05d.jsonl.zst".formatted(files.size()), store.put(bytes.toByteArray())));
        }
        return manifest(store, kind, files);
    }

    public static ArtifactId labelled(ArtifactStore store, List<LabelledExample> examples) throws Exception {
        var files = new ArrayList<ArtifactFile>();
        for (Split split : Split.values()) {
            var bytes = new ByteArrayOutputStream();
            try (var out = new LabelledShardWriter(bytes)) {
                for (LabelledExample example : examples) {
                    if (example.split() == split) {
                        out.write(example);
                    }
                }
            }
            files.add(new ArtifactFile(split.slug() + "/shard-00000.jsonl.zst", store.put(bytes.toByteArray())));
        }
        return manifest(store, ArtifactKind.LABELLED_EXAMPLES, files);
    }

    private static ArtifactId manifest(ArtifactStore store, ArtifactKind kind, List<ArtifactFile> files)
            throws Exception {
        return store.publish(new Manifest(
                kind, 1, files, new TreeMap<>(), new TreeMap<>(), Json.tree(Map.of()), 1, "test", List.of("CC0-1.0")));
    }

    public static List<Document> read(ArtifactStore store, Manifest manifest) throws Exception {
        var documents = new ArrayList<Document>();
        for (ArtifactFile file : manifest.filesUnder("documents/")) {
            try (var in = new DocumentShardReader(store, file.blob())) {
                in.forEach(documents::add);
            }
        }
        return documents;
    }

    /** Runs the stage with 1 worker, then with 2 and 3 and kills; all must give the same artifact. */
    public static <S extends Record> Manifest run(
            Stage<S> stage, ArtifactStore store, Map<String, ?> spec, String role, ArtifactId input) throws Exception {
        @SuppressWarnings("unchecked")
        S read = (S) SpecReader.read(Json.tree(spec), stage.type().defaults());
        StageRunner.Result calm =
                StageRunner.of(stage, store).spec(read).input(role, input).run();
        for (int workers : new int[] {2, 3}) {
            StageRunner.Result wild = StageRunner.of(stage, store)
                    .spec(read)
                    .input(role, input)
                    .workers(workers)
                    .disturbed(workers)
                    .run();
            if (!wild.artifact().equals(calm.artifact())) {
                throw new AssertionError(
                        workers + " workers made " + wild.manifest() + ", one made " + calm.manifest());
            }
        }
        return calm.manifest();
    }
}
