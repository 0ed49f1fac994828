package dev.athanor.ingestion.documents;

import com.github.luben.zstd.ZstdInputStream;
import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.artifacts.shards.DocumentShardReader;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.IngestDocumentsSpec;
import dev.athanor.contracts.spec.IngestPolicy;
import dev.athanor.contracts.spec.SourceSpec;
import dev.athanor.ingestion.http.Web;
import dev.athanor.ingestion.http.WebSettings;
import dev.athanor.ingestion.source.Connectors;
import dev.athanor.ingestion.source.Endpoints;
import dev.athanor.ingestion.source.Secrets;
import dev.athanor.stage.data.DataRoots;
import dev.athanor.stage.testing.StageRunner;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import tools.jackson.databind.JsonNode;

/** Runs the documents stage on sources and reads what came out. */
public final class Ingestion {

    public static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);

    public final ArtifactStore store;
    public final IngestDocumentsStage stage;

    public Ingestion(Path storeFolder, Path dataRoot) throws IOException {
        this(storeFolder, dataRoot, "http://127.0.0.1:1", () -> {
            throw new IllegalStateException("no S3 in this test");
        });
    }

    private static final WebSettings SETTINGS = new WebSettings(
            "athanor-test",
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            8 << 20,
            5,
            3,
            Duration.ofMillis(1),
            Duration.ofSeconds(30),
            Duration.ZERO,
            true,
            Set.of());

    /** @param base address of the local server that plays all sites */
    public Ingestion(Path storeFolder, Path dataRoot, String base, Supplier<S3Client> s3) throws IOException {
        this(storeFolder, dataRoot, base, s3, SETTINGS, time -> {});
    }

    public Ingestion(
            Path storeFolder,
            Path dataRoot,
            String base,
            Supplier<S3Client> s3,
            WebSettings settings,
            Web.Sleeper sleeper)
            throws IOException {
        this.store = new LocalArtifactStore(storeFolder);
        var web = new Web(settings, InetAddress::getAllByName, CLOCK, sleeper);
        var connectors = new Connectors(
                new DataRoots(List.of(dataRoot)),
                store,
                s3,
                Endpoints.all(base),
                new Secrets(Map.of(
                        "hugging-face", "hf-token", "kaggle", "user:key", "newsapi", "news-key", "govinfo", "gov-key")),
                "athanor");
        this.stage = new IngestDocumentsStage(connectors, web, System::nanoTime);
    }

    public static IngestDocumentsSpec spec(SourceSpec... sources) {
        return spec(null, sources);
    }

    public static IngestDocumentsSpec spec(@Nullable ArtifactId previous, SourceSpec... sources) {
        return new IngestDocumentsSpec(
                List.of(sources), 128L << 20, 1L << 30, 32 << 20, IngestPolicy.DEFAULTS, previous);
    }

    public Manifest run(SourceSpec... sources) throws IOException, InterruptedException {
        return runner(spec(sources)).run().manifest();
    }

    public StageRunner<IngestDocumentsSpec> runner(IngestDocumentsSpec spec) {
        return StageRunner.of(stage, store).spec(spec);
    }

    public List<Document> documents(Manifest manifest) throws IOException {
        List<Document> documents = new ArrayList<>();
        for (ArtifactFile file : manifest.filesUnder("documents/")) {
            try (var reader = new DocumentShardReader(store, file.blob())) {
                reader.forEach(documents::add);
            }
        }
        return documents;
    }

    public List<JsonNode> lines(Manifest manifest, String name) throws IOException {
        try (InputStream in = new ZstdInputStream(store.open(manifest.file(name)))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(Json.MAPPER::readTree)
                    .toList();
        }
    }

    public List<String> deadLetters(Manifest manifest) throws IOException {
        return lines(manifest, "dead-letters.jsonl.zst").stream()
                .map(l -> l.get("uri").stringValue() + " " + l.get("reason").stringValue())
                .toList();
    }
}
