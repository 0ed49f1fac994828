package dev.athanor.benchmarks.data;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.benchmarks.Figures;
import dev.athanor.contracts.spec.IngestDocumentsSpec;
import dev.athanor.contracts.spec.IngestPolicy;
import dev.athanor.contracts.spec.SourceSpec;
import dev.athanor.ingestion.charset.TextDecoder;
import dev.athanor.ingestion.content.BadContentException;
import dev.athanor.ingestion.content.Budget;
import dev.athanor.ingestion.content.Content;
import dev.athanor.ingestion.content.DeadLetterReason;
import dev.athanor.ingestion.content.Extracted;
import dev.athanor.ingestion.content.Limits;
import dev.athanor.ingestion.documents.IngestDocumentsStage;
import dev.athanor.ingestion.format.ContentReader;
import dev.athanor.ingestion.http.Web;
import dev.athanor.ingestion.http.WebSettings;
import dev.athanor.ingestion.source.Connectors;
import dev.athanor.ingestion.source.Endpoints;
import dev.athanor.ingestion.source.Secrets;
import dev.athanor.ingestion.table.ParquetRows;
import dev.athanor.ingestion.table.Row;
import dev.athanor.stage.data.DataRoots;
import dev.athanor.stage.testing.StageRunner;
import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.netpreserve.jwarc.WarcReader;
import org.netpreserve.jwarc.WarcRecord;

/** Files to documents: JSON lines, web archives, PDFs, texts in unknown encodings, and the whole stage. */
final class IngestionFigures {

    private static final String REVIEWS = "data/imdb/train.jsonl.zst";

    private record Sample(String name, byte[] bytes) {}

    private IngestionFigures() {}

    static void print(Figures figures) throws Exception {
        jsonLines(figures);
        webArchives(figures);
        pdfs(figures);
        parquet(figures);
        encodings(figures);
        stage(figures);
    }

    private static void jsonLines(Figures figures) throws Exception {
        Path file = SharedText.file(REVIEWS);
        if (file == null) {
            figures.note(REVIEWS + " is absent: JSON lines left out");
            return;
        }
        var sample = new Sample("train.jsonl.zst", Files.readAllBytes(file));
        long bytes = SharedText.bytes(SharedText.texts(REVIEWS));
        figures.higherIsBetter(
                "zstd JSON lines to documents, a core",
                Rate.megabytesASecond(bytes, () -> read(sample)),
                "MB/s",
                "goal",
                40);
    }

    private static void webArchives(Figures figures) throws Exception {
        List<Sample> samples = samples("data/warc");
        if (samples.isEmpty()) {
            figures.note("data/warc is absent: web archives left out");
            return;
        }
        long bytes = bytes(samples);
        double own = Rate.megabytesASecond(bytes, () -> samples.forEach(IngestionFigures::read));
        double peer = Rate.megabytesASecond(bytes, () -> samples.forEach(IngestionFigures::records));
        figures.higherIsBetter(
                "WARC and ARC to documents, a core", own, "MB/s", "jwarc, the records alone (a ceiling)", peer);
    }

    private static void records(Sample sample) {
        try (var reader = new WarcReader(new ByteArrayInputStream(sample.bytes()))) {
            for (WarcRecord record : reader) {
                DataBench.sink += record.body().stream().readAllBytes().length;
            }
        } catch (IOException | RuntimeException e) {
            DataBench.sink++; // some are broken on purpose
        }
    }

    private static void pdfs(Figures figures) throws Exception {
        List<Sample> samples = samples("data/pdf");
        if (samples.isEmpty()) {
            figures.note("data/pdf is absent: PDFs left out");
            return;
        }
        long bytes = bytes(samples);
        figures.higherIsBetter(
                "PDF to documents, a core",
                Rate.megabytesASecond(bytes, () -> samples.forEach(IngestionFigures::read)),
                "MB/s",
                "PDFBox alone, without bounds",
                Rate.megabytesASecond(bytes, () -> samples.forEach(IngestionFigures::pdfBox)));
    }

    private static void pdfBox(Sample sample) {
        try (PDDocument pdf = Loader.loadPDF(sample.bytes())) {
            DataBench.sink += new PDFTextStripper().getText(pdf).length();
        } catch (IOException | RuntimeException e) {
            DataBench.sink++;
        }
    }

    /** The samples are small: rows, not bytes, and the reader that is beneath as the most that is possible. */
    private static void parquet(Figures figures) throws Exception {
        Path folder = SharedText.file("data/parquet");
        if (folder == null) {
            figures.note("data/parquet is absent: Parquet left out");
            return;
        }
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(f -> f.toString().endsWith(".parquet")).sorted().toList();
        }
        long rows = parquetRows(files);
        figures.higherIsBetter(
                "Parquet rows to texts, a core",
                Rate.aSecond(rows, () -> parquetRows(files)),
                "rows/s",
                "hardwood, its values alone (a ceiling)",
                Rate.aSecond(rows, () -> hardwoodRows(files)));
    }

    private static long parquetRows(List<Path> files) throws IOException {
        long count = 0;
        for (Path file : files) {
            try (var rows = new ParquetRows(file)) {
                for (Row row = rows.next(); row != null; row = rows.next()) {
                    DataBench.sink += row.cells().size();
                    count++;
                }
            }
        }
        return count;
    }

    private static void hardwoodRows(List<Path> files) throws IOException {
        for (Path path : files) {
            try (ParquetFileReader file = ParquetFileReader.open(InputFile.of(path));
                    RowReader rows = file.rowReader()) {
                while (rows.hasNext()) {
                    rows.next();
                    for (int i = 0; i < rows.getFieldCount(); i++) {
                        DataBench.sink += !rows.isNull(i) && rows.getValue(i) != null ? 1 : 0;
                    }
                }
            }
        }
    }

    private static void encodings(Figures figures) throws Exception {
        List<Sample> samples = samples("data/encodings").stream()
                .filter(s -> s.name().endsWith(".txt")
                        || s.name().endsWith(".html")
                        || s.name().endsWith(".xml"))
                .toList();
        if (samples.isEmpty()) {
            figures.note("data/encodings is absent: encodings left out");
            return;
        }
        double own = Rate.aSecond(samples.size(), () -> {
            for (Sample sample : samples) {
                try {
                    DataBench.sink +=
                            TextDecoder.decode(sample.bytes(), null).text().length();
                } catch (BadContentException e) {
                    DataBench.sink++;
                }
            }
        });
        double peer = Rate.aSecond(samples.size(), () -> {
            for (Sample sample : samples) {
                var icu = new com.ibm.icu.text.CharsetDetector();
                icu.setText(sample.bytes());
                try {
                    DataBench.sink += icu.detect().getString().length();
                } catch (IOException e) {
                    DataBench.sink++; // it names encodings that the JDK has not
                }
            }
        });
        figures.higherIsBetter("texts of 51 encodings decoded, a core", own, "docs/s", "ICU", peer);
    }

    /** From a folder to the published artifact, ledger and all. */
    private static void stage(Figures figures) throws Exception {
        Path file = SharedText.file(REVIEWS);
        if (file == null) {
            return;
        }
        long bytes = SharedText.bytes(SharedText.texts(REVIEWS));
        Path folder = Files.createTempDirectory("athanor-ingest-bench");
        Path data = Files.createDirectories(folder.resolve("data"));
        for (int copy = 0; copy < 4; copy++) {
            Files.copy(file, data.resolve(copy + ".jsonl.zst"));
        }
        try (ArtifactStore store = new LocalArtifactStore(folder.resolve("store"));
                var web = new Web(WebSettings.DEFAULTS, InetAddress::getAllByName, Clock.systemUTC(), Thread::sleep)) {
            var connectors = new Connectors(
                    new DataRoots(List.of(data)),
                    store,
                    () -> {
                        throw new IllegalStateException("no S3 here");
                    },
                    Endpoints.DEFAULTS,
                    Secrets.none(),
                    "athanor");
            var stage = new IngestDocumentsStage(connectors, web, System::nanoTime);
            double best = 0;
            for (int round = 0; round < 4; round++) {
                // Another name, so that nothing of the round before is there already.
                var source = new SourceSpec.Folder("reviews-" + round, data.toString(), null, null);
                long start = System.nanoTime();
                StageRunner.of(stage, store)
                        .spec(new IngestDocumentsSpec(
                                List.of(source), 128L << 20, 1L << 30, 32 << 20, IngestPolicy.DEFAULTS, null))
                        .workers(2)
                        .run();
                best = Math.max(best, 4 * bytes / 1e6 / ((System.nanoTime() - start) / 1e9));
            }
            figures.higherIsBetter("stage: ingest zstd JSON lines, 2 workers", best, "MB/s", "goal", 40);
        }
    }

    private static void read(Sample sample) {
        new ContentReader(new ContentReader.Sink() {
                    @Override
                    public void document(Extracted document, String format) {
                        DataBench.sink += document.text().length();
                    }

                    @Override
                    public void deadLetter(String uri, DeadLetterReason reason, String detail) {
                        DataBench.sink++;
                    }
                })
                .read(Content.of(
                        sample.name(),
                        sample.name().substring(sample.name().lastIndexOf('/') + 1),
                        null,
                        null,
                        null,
                        new TreeMap<>(),
                        new Budget(Limits.DEFAULTS, System::nanoTime),
                        Path.of(System.getProperty("java.io.tmpdir")),
                        new ByteArrayInputStream(sample.bytes())));
    }

    private static long bytes(List<Sample> samples) {
        return samples.stream().mapToLong(s -> s.bytes().length).sum();
    }

    private static List<Sample> samples(String set) throws IOException {
        Path folder = SharedText.file(set);
        List<Sample> samples = new ArrayList<>();
        if (folder == null) {
            return samples;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String name = folder.relativize(file).toString();
                if (!name.endsWith(".tar.zst")) {
                    if (!name.endsWith(".md")) {
                        samples.add(new Sample(name, Files.readAllBytes(file)));
                    }
                    continue;
                }
                try (InputStream in = Files.newInputStream(file);
                        var tar = new TarArchiveInputStream(new com.github.luben.zstd.ZstdInputStream(in))) {
                    for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
                        if (e.isFile()) {
                            samples.add(new Sample(e.getName(), tar.readAllBytes()));
                        }
                    }
                }
            }
        }
        return samples;
    }
}
