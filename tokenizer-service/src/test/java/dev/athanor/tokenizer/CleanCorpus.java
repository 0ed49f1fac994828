package dev.athanor.tokenizer;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.artifacts.shards.DocumentShardWriter;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes an artifact of clean documents, shard by shard. */
public final class CleanCorpus {

    private final ArtifactStore store;
    private final Path folder;
    private final List<ArtifactFile> files = new ArrayList<>();
    private long documents;

    public CleanCorpus(ArtifactStore store, Path folder) {
        this.store = store;
        this.folder = folder;
    }

    public List<Document> shard(List<String> texts, String language) throws IOException {
        List<Document> made = new ArrayList<>();
        Path file = folder.resolve("shard-" + files.size());
        try (var writer = new DocumentShardWriter(file)) {
            for (String text : texts) {
                String uri = files.size() + "/" + made.size();
                var document = new Document(
                        Document.idOf("test", uri, text),
                        text,
                        "text/plain",
                        "test",
                        uri,
                        "CC0-1.0",
                        language,
                        null,
                        new TreeMap<>());
                writer.write(document);
                made.add(document);
            }
        }
        files.add(new ArtifactFile("documents/%05d.jsonl.zst".formatted(files.size()), store.put(file)));
        documents += texts.size();
        return made;
    }

    public ArtifactId publish() throws IOException {
        return store.publish(new Manifest(
                ArtifactKind.CLEAN_DOCUMENTS,
                1,
                files,
                new TreeMap<>(Map.of("documents", documents)),
                new TreeMap<>(),
                Json.tree(Map.of()),
                1,
                "test",
                List.of("CC0-1.0")));
    }
}
