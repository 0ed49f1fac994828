package dev.athanor.standalone.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.json.SpecReader;
import dev.athanor.contracts.spec.CleanSpec;
import dev.athanor.contracts.spec.CorpusReportSpec;
import dev.athanor.contracts.spec.IngestDocumentsSpec;
import dev.athanor.ingestion.documents.IngestDocumentsStage;
import dev.athanor.ingestion.http.Web;
import dev.athanor.ingestion.http.WebSettings;
import dev.athanor.ingestion.source.Connectors;
import dev.athanor.ingestion.source.Endpoints;
import dev.athanor.ingestion.source.Secrets;
import dev.athanor.preprocessing.clean.CleanStage;
import dev.athanor.preprocessing.report.CorpusReportStage;
import dev.athanor.stage.data.DataRoots;
import dev.athanor.stage.testing.StageRunner;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ingest, clean and report give the same artifacts for any number of workers, also where calls are killed and repeated. */
class CorpusReproducibilityTest {

    @TempDir
    Path folder;

    @Test
    void theSameArtifactsForAnyNumberOfWorkers() throws Exception {
        Path data = Files.createDirectories(folder.resolve("data"));
        writeCorpus(data);
        List<ArtifactId> calm = run("calm", data, 1, false);
        assertThat(run("busy", data, 3, false)).isEqualTo(calm);
        assertThat(run("wild", data, 2, true)).isEqualTo(calm);
    }

    private List<ArtifactId> run(String name, Path data, int workers, boolean disturbed) throws Exception {
        try (ArtifactStore store = new LocalArtifactStore(folder.resolve(name));
                var web = new Web(WebSettings.DEFAULTS, InetAddress::getAllByName, Clock.systemUTC(), time -> {})) {
            var connectors = new Connectors(
                    new DataRoots(List.of(data)),
                    store,
                    () -> {
                        throw new IllegalStateException("no S3 in this test");
                    },
                    Endpoints.DEFAULTS,
                    new Secrets(Map.of()),
                    "athanor");
            var source = Map.of("type", "folder", "name", "corpus", "path", data.toString());
            // Small shards, so that there are several tasks.
            var ingest = StageRunner.of(new IngestDocumentsStage(connectors, web, System::nanoTime), store)
                    .spec(SpecReader.read(
                            Json.tree(Map.of("sources", List.of(source), "shardBytes", 1 << 20)),
                            IngestDocumentsSpec.DEFAULTS));
            ArtifactId raw = (disturbed ? ingest.disturbed(5) : ingest)
                    .workers(workers)
                    .run()
                    .artifact();
            var clean = StageRunner.of(new CleanStage(), store)
                    .spec(SpecReader.read(
                            Json.tree(Map.of("identifyLanguage", true, "nearDedup", true, "shardBytes", 1 << 20)),
                            CleanSpec.DEFAULTS))
                    .input("documents", raw);
            ArtifactId cleaned = (disturbed ? clean.disturbed(6) : clean)
                    .workers(workers)
                    .run()
                    .artifact();
            var report = StageRunner.of(new CorpusReportStage(), store)
                    .spec(CorpusReportSpec.DEFAULTS)
                    .input("documents", cleaned);
            ArtifactId reported = (disturbed ? report.disturbed(7) : report)
                    .workers(workers)
                    .run()
                    .artifact();
            assertThat(store.manifest(cleaned).counts()).containsKey("documents.dropped.exact-duplicate");
            return List.of(raw, cleaned, reported);
        }
    }

    /** Books and lines of reviews; every tenth review is one that was there before. */
    private static void writeCorpus(Path data) throws Exception {
        var random = new Random(11);
        for (int book = 0; book < 8; book++) {
            Files.writeString(data.resolve("book-%02d.txt".formatted(book)), prose(random, 8_000));
        }
        for (int file = 0; file < 3; file++) {
            var lines = new StringBuilder();
            String first = prose(random, 60);
            for (int review = 0; review < 200; review++) {
                String text = review % 10 == 9 ? first : prose(random, 60);
                lines.append(Json.MAPPER.writeValueAsString(Map.of("text", text)))
                        .append('\n');
            }
            Files.writeString(data.resolve("reviews-" + file + ".jsonl"), lines);
        }
    }

    private static String prose(Random random, int words) {
        List<String> vocabulary = List.of(
                "the", "river", "was", "high", "and", "people", "of", "village", "had", "to", "move", "their", "boats",
                "before", "storm", "came", "over", "old", "bridge", "miller", "water", "again", "with", "stick",
                "said");
        var text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            text.append(vocabulary.get(random.nextInt(vocabulary.size())))
                    .append(random.nextInt(40))
                    .append(i % 12 == 11 ? ".\n" : " ");
        }
        return text.append("end.").toString();
    }
}
