package dev.athanor.preprocessing.report;

import static dev.athanor.preprocessing.Corpora.document;
import static dev.athanor.preprocessing.Corpora.prose;
import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.json.Json;
import dev.athanor.preprocessing.Corpora;
import dev.athanor.preprocessing.clean.CleanStage;
import dev.athanor.stage.testing.StageRunner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class CorpusReportStageTest {

    @TempDir
    Path folder;

    private ArtifactStore store;

    @BeforeEach
    void open() throws Exception {
        store = new LocalArtifactStore(folder.resolve("store"));
    }

    @Test
    void countsAddUpForAnyNumberOfWorkers() throws Exception {
        var shards = new ArrayList<List<Document>>();
        for (int shard = 0; shard < 4; shard++) {
            var documents = new ArrayList<Document>();
            for (int i = 0; i < 15; i++) {
                documents.add(
                        document("https://www.site-" + i % 3 + ".org/" + shard + "/" + i, prose(50, shard * 100L + i)));
            }
            shards.add(documents);
        }
        shards.getFirst()
                .add(document("a", "She was a brave engineer. He wrote to x@example.org about rust belt towns."));
        Manifest report = Corpora.run(
                new CorpusReportStage(),
                store,
                Map.of("samples", 7, "domains", 2, "terms", Map.of("regions", List.of("Rust Belt"))),
                "documents",
                Corpora.clean(store, shards));
        JsonNode json = Json.MAPPER.readTree(store.open(report.file("report.json")));
        JsonNode tables = json.get("tables");
        assertThat(tables.get("volume").get("documents").asLong()).isEqualTo(61);
        assertThat(tables.get("volume").get("domains").asLong()).isEqualTo(3);
        assertThat(tables.get("domains.documents").propertyNames()).hasSize(2);
        assertThat(tables.get("pii").get("email").asLong()).isEqualTo(1);
        assertThat(tables.get("terms").get("gender: female").asLong()).isEqualTo(1);
        assertThat(tables.get("terms").get("regions").asLong()).isEqualTo(1);
        assertThat(tables.get("near.gender: female").get("positive").asLong()).isEqualTo(1);
        assertThat(tables.get("near.gender: male").get("career").asLong()).isEqualTo(1);
        long documents = tables.get("quality.words").properties().stream()
                .mapToLong(e -> e.getValue().asLong())
                .sum();
        assertThat(documents).isEqualTo(61);
        assertThat(json.get("samples")).hasSize(7);
        assertThat(new String(store.open(report.file("report.md")).readAllBytes(), StandardCharsets.UTF_8))
                .contains("| documents | 61 |");
    }

    @Test
    void hostileTextStaysText() throws Exception {
        String evil = "</blockquote><script>alert(1)</script><img src=x onerror=alert(2)> \" ' & \u202E\u0000";
        var document = new Document(
                "id",
                evil,
                "text/plain",
                "s<b>" + "\uD83D\uDE00".repeat(30),
                "javascript:alert(3)//<script>",
                "<svg onload=x>",
                null,
                null,
                new java.util.TreeMap<>());
        Manifest report = Corpora.run(
                new CorpusReportStage(),
                store,
                Map.of(),
                "documents",
                Corpora.clean(store, List.of(List.of(document))));
        String html = new String(store.open(report.file("report.html")).readAllBytes(), StandardCharsets.UTF_8);
        var page = Jsoup.parse(html);
        assertThat(page.select("script, img, [onload], [onerror], a:not([href^=#]), link, iframe"))
                .isEmpty();
        assertThat(page.select("blockquote").text()).contains("<script>alert(1)</script>");
        assertThat(page.select("svg rect")).isNotEmpty();
        assertThat(html).doesNotContain("\u202E").doesNotContain("\u0000");
    }

    @Test
    void whatCleaningDroppedIsInTheReport() throws Exception {
        var raw = Corpora.raw(
                store,
                List.of(List.of(document("a", prose(30, 1)), document("b", prose(30, 1)), document("c", "one"))));
        var clean =
                StageRunner.of(new CleanStage(), store).input("documents", raw).run();
        Manifest report = Corpora.run(new CorpusReportStage(), store, Map.of(), "documents", clean.artifact());
        JsonNode json = Json.MAPPER.readTree(store.open(report.file("report.json")));
        assertThat(json.get("cleaning").get("documents.dropped.exact-duplicate").asLong())
                .isEqualTo(1);
        assertThat(json.get("corpus").asString()).isEqualTo(clean.artifact().value());
        String html = new String(store.open(report.file("report.html")).readAllBytes(), StandardCharsets.UTF_8);
        assertThat(html).contains("exact-duplicate");
    }
}
