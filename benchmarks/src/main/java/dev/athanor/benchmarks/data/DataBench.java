package dev.athanor.benchmarks.data;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.artifacts.shards.DocumentShardWriter;
import dev.athanor.benchmarks.Benchmark;
import dev.athanor.benchmarks.Figures;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.json.SpecReader;
import dev.athanor.contracts.spec.CleanSpec;
import dev.athanor.contracts.spec.MinHashSpec;
import dev.athanor.preprocessing.clean.CleanStage;
import dev.athanor.preprocessing.dedup.MinHash;
import dev.athanor.preprocessing.filter.Analysis;
import dev.athanor.preprocessing.filter.Filters;
import dev.athanor.preprocessing.filter.Verdict;
import dev.athanor.stage.testing.StageRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Filters, signatures and the whole cleaning stage, beside what was measured of datatrove 0.10 on the same kind of machine. */
public final class DataBench implements Benchmark {

    private static final String GOLDEN = "golden/filters.jsonl.zst";
    private static final String REVIEWS = "data/imdb/train.jsonl.zst";
    private static final int SHARDS = 8;

    /** Keeps the compiler from leaving the work out. */
    static long sink;

    @Override
    public String name() {
        return "data";
    }

    @Override
    public String description() {
        return "ingestion: JSON lines, WARC, PDF, encodings; preprocessing: filters, language, extraction, MinHash, deduplication, the whole cleaning stage";
    }

    @Override
    public void run(Figures figures) throws Exception {
        double share = Double.parseDouble(System.getenv().getOrDefault("ATHANOR_BENCH_SHARE", "1"));
        List<String> golden = part(SharedText.texts(GOLDEN), share);
        if (golden.isEmpty()) {
            figures.note(GOLDEN + " is absent: filters left out");
        } else {
            filters(golden, figures);
        }
        LanguageFigures.print(figures, share);
        ExtractionFigures.print(figures, share);
        IngestionFigures.print(figures);
        List<String> reviews = part(SharedText.texts(REVIEWS), share);
        if (reviews.isEmpty()) {
            figures.note(REVIEWS + " is absent: MinHash and the stage left out");
        } else {
            minHash(reviews, figures);
            stage("stage: filter + exact dedup, 2 workers", Map.of("profile", "web"), reviews, 40, figures);
            stage(
                    "stage: MinHash dedup alone, 2 workers",
                    Map.of("profile", "none", "normalization", "none", "nearDedup", true),
                    reviews,
                    40,
                    figures);
        }
    }

    private static List<String> part(List<String> texts, double share) {
        return texts.subList(0, (int) Math.ceil(texts.size() * share));
    }

    private static void filters(List<String> texts, Figures figures) throws Exception {
        CleanSpec spec = spec(Map.of(
                "profile",
                "web",
                "filters",
                List.of("gopher-quality", "gopher-repetition", "c4-quality", "fineweb-quality")));
        List<Filters.Named> filters = Filters.of(spec);
        var analysis = new Analysis();
        long bytes = SharedText.bytes(texts);
        double all = Rate.megabytesASecond(bytes, () -> {
            for (String text : texts) {
                analysis.of(text);
                // Each filter sees every document, as the reference was timed.
                for (Filters.Named named : filters) {
                    sink += named.filter().test(analysis) instanceof Verdict.Drop ? 1 : 0;
                }
            }
        });
        figures.higherIsBetter("four quality filters, a core", all, "MB/s", "datatrove 0.10", 1.8);
        figures.higherIsBetter("four quality filters, a core", all, "MB/s", "goal", 60);
        double words = Rate.megabytesASecond(bytes, () -> {
            for (String text : texts) {
                sink += analysis.of(text).words().size();
            }
        });
        figures.plain("words as spaCy splits them, a core", words, "MB/s");
    }

    private static void minHash(List<String> texts, Figures figures) throws Exception {
        var minHash = new MinHash(MinHashSpec.DEFAULTS);
        double rate = Rate.megabytesASecond(SharedText.bytes(texts), () -> {
            for (String text : texts) {
                sink += minHash.bands(text).length;
            }
        });
        figures.higherIsBetter("MinHash signatures, a core", rate, "MB/s", "datatrove 0.10 on 2 workers", 2.6);
    }

    /** Wall-clock time of the stage from raw shards to the published artifact. */
    private static void stage(
            String figure, Map<String, Object> changes, List<String> texts, double goal, Figures figures)
            throws Exception {
        Path folder = Files.createTempDirectory("athanor-data-bench");
        try (ArtifactStore store = new LocalArtifactStore(folder.resolve("store"))) {
            ArtifactId raw = publish(texts, folder, store);
            CleanSpec spec = spec(changes);
            double best = 0;
            // The first rounds compile.
            for (int round = 0; round < 6; round++) {
                long start = System.nanoTime();
                StageRunner.of(new CleanStage(), store)
                        .spec(spec)
                        .input("documents", raw)
                        .workers(2)
                        .seed(round)
                        .run();
                best = Math.max(best, SharedText.bytes(texts) / 1e6 / ((System.nanoTime() - start) / 1e9));
            }
            figures.higherIsBetter(figure, best, "MB/s", "goal", goal);
        }
    }

    private static ArtifactId publish(List<String> texts, Path folder, ArtifactStore store) throws IOException {
        var files = new ArrayList<ArtifactFile>();
        int size = (texts.size() + SHARDS - 1) / SHARDS;
        for (int shard = 0; shard < SHARDS; shard++) {
            Path file = folder.resolve("raw-" + shard);
            try (var out = new DocumentShardWriter(file)) {
                for (int i = shard * size; i < Math.min(texts.size(), (shard + 1) * size); i++) {
                    String text = texts.get(i);
                    String id = Document.idOf("bench", Integer.toString(i), text);
                    out.write(new Document(
                            id, text, "text/plain", "bench", Integer.toString(i), null, null, null, new TreeMap<>()));
                }
            }
            files.add(new ArtifactFile("documents/shard-%05d.jsonl.zst".formatted(shard), store.put(file)));
        }
        return store.publish(new Manifest(
                ArtifactKind.RAW_DOCUMENTS,
                1,
                files,
                new TreeMap<>(),
                new TreeMap<>(),
                Json.tree(Map.of()),
                1,
                "benchmark",
                List.of()));
    }

    private static CleanSpec spec(Map<String, Object> changes) {
        return SpecReader.read(Json.tree(changes), CleanSpec.DEFAULTS);
    }
}
