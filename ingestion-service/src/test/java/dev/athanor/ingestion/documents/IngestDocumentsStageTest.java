package dev.athanor.ingestion.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.spec.IngestDocumentsSpec;
import dev.athanor.contracts.spec.IngestPolicy;
import dev.athanor.contracts.spec.SourceSpec;
import dev.athanor.ingestion.SharedData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestDocumentsStageTest {

    @TempDir
    Path folder;

    private Path data() throws IOException {
        return Files.createDirectories(folder.resolve("data"));
    }

    private Ingestion ingestion() throws IOException {
        return new Ingestion(folder.resolve("store"), data());
    }

    private void file(String name, byte[] bytes) throws IOException {
        Path path = data().resolve(name);
        Files.createDirectories(path.getParent());
        Files.write(path, bytes);
    }

    private void file(String name, String text) throws IOException {
        file(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] gzip(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private SourceSpec.Folder source() throws IOException {
        return new SourceSpec.Folder("mine", data().toString(), null, "CC0-1.0");
    }

    @Test
    void readsEveryFormatWithProvenance() throws Exception {
        file("a/plain.txt", "Grüße aus Köln.".getBytes(Charset.forName("windows-1252")));
        file("b/page.html", "<html lang=en><head><title>Hi</title></head><body><p>Hello</p></body></html>");
        file("c/rows.csv", "id,text,lang\n1,\"one, with comma\",en\n2,two,de\n");
        file("d/lines.jsonl.zst", Zstd.compress("{\"text\":\"first\"}\nnot json\n{\"text\":\"third\"}\n".getBytes()));
        file("e/object.json.gz", gzip("{\"data\":[{\"content\":\"inner\",\"n\":1}]}"));
        file("f/empty.txt", "");
        file("g/picture.png", new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7});
        file(".hidden", "not read");

        var ingestion = ingestion();
        Manifest manifest = ingestion.run(source());

        assertThat(ingestion.documents(manifest))
                .extracting(Document::uri, Document::text, Document::mediaType)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("a/plain.txt", "Grüße aus Köln.", "text/plain"),
                        org.assertj.core.groups.Tuple.tuple(
                                "b/page.html",
                                "<html lang=en><head><title>Hi</title></head><body><p>Hello</p></body></html>",
                                "text/html"),
                        org.assertj.core.groups.Tuple.tuple("c/rows.csv#row=1", "one, with comma", "text/plain"),
                        org.assertj.core.groups.Tuple.tuple("c/rows.csv#row=2", "two", "text/plain"),
                        org.assertj.core.groups.Tuple.tuple("d/lines.jsonl.zst#row=1", "first", "text/plain"),
                        org.assertj.core.groups.Tuple.tuple("d/lines.jsonl.zst#row=3", "third", "text/plain"),
                        org.assertj.core.groups.Tuple.tuple("e/object.json.gz#row=1", "inner", "text/plain"));
        assertThat(ingestion.documents(manifest)).allSatisfy(d -> {
            assertThat(d.licence()).isEqualTo("CC0-1.0");
            assertThat(d.source()).isEqualTo("mine");
            assertThat(d.fetchedAt()).isNull();
            assertThat(d.id()).isEqualTo(Document.idOf("mine", d.uri(), d.text()));
        });
        assertThat(ingestion.deadLetters(manifest))
                .containsExactly(
                        "d/lines.jsonl.zst#row=2 corrupt", "f/empty.txt empty", "g/picture.png unsupported-format");
        assertThat(manifest.counts())
                .containsEntry("documents", 7L)
                .containsEntry("documents.source.mine", 7L)
                .containsEntry("documents.format.csv", 2L)
                .containsEntry("documents.dead-letter.corrupt", 1L)
                .containsEntry("documents.dead-letter.empty", 1L)
                .containsEntry("documents.dead-letter.unsupported-format", 1L)
                .containsEntry("items", 7L);
        assertThat(manifest.licences()).containsExactly("CC0-1.0");
        assertThat(ingestion.lines(manifest, "ledger.jsonl.zst"))
                .hasSize(7)
                .allSatisfy(l -> assertThat(manifest.filesUnder(l.get("shard").stringValue()))
                        .hasSize(1));
    }

    @Test
    void theSameArtifactForAnyNumberOfWorkersAndAfterKills() throws Exception {
        for (int i = 0; i < 60; i++) {
            String text = "Document " + i + "\n" + "words and more words ".repeat(i * 40);
            file(String.format("%03d.txt", i), text);
        }
        file("broken.jsonl", IntStream.range(0, 50).mapToObj(i -> "{bad").reduce("", (a, b) -> a + "\n" + b));
        var ingestion = ingestion();
        var small =
                new IngestDocumentsSpec(List.of(source()), 64 << 10, 1L << 30, 32 << 20, IngestPolicy.DEFAULTS, null);
        var calm = ingestion.runner(small).run();
        assertThat(calm.manifest().filesUnder("documents/")).hasSizeGreaterThan(5);
        assertThat(calm.manifest().counts()).containsEntry("documents", 60L);
        for (int workers : new int[] {1, 2, 5}) {
            assertThat(ingestion
                            .runner(small)
                            .workers(workers)
                            .disturbed(workers)
                            .run()
                            .artifact())
                    .isEqualTo(calm.artifact());
        }
    }

    @Test
    void anIncrementalCorpusHasOnlyWhatChanged() throws Exception {
        file("a.jsonl", "{\"text\":\"old\"}\n{\"text\":\"older\"}\n");
        var ingestion = ingestion();
        var first = ingestion.runner(Ingestion.spec(source())).run();
        file("a.jsonl", "{\"text\":\"old\"}\n{\"text\":\"changed\"}\n");
        var second =
                ingestion.runner(Ingestion.spec(first.artifact(), source())).run();
        assertThat(ingestion.documents(second.manifest()))
                .extracting(Document::text)
                .containsExactly("changed");
        assertThat(second.manifest().counts()).containsEntry("documents.unchanged", 1L);
        // What only the first corpus has is known to the third through the second.
        var third =
                ingestion.runner(Ingestion.spec(second.artifact(), source())).run();
        assertThat(ingestion.documents(third.manifest())).isEmpty();
        assertThat(third.manifest().counts()).containsEntry("documents.unchanged", 2L);
    }

    @Test
    void pathsOutsideTheRootsAreRefused() throws Exception {
        file("in.txt", "inside");
        Path secret = Files.writeString(folder.resolve("secret.txt"), "outside");
        Files.createSymbolicLink(data().resolve("link.txt"), secret);
        var ingestion = ingestion();
        Manifest manifest = ingestion.run(source());
        assertThat(ingestion.documents(manifest)).extracting(Document::text).containsExactly("inside");
        assertThat(ingestion.deadLetters(manifest)).containsExactly("link.txt path-refused");

        for (String path :
                List.of(secret.toString(), data() + "/../secret.txt", "../secret.txt", "/etc", data() + "/missing")) {
            assertThatThrownBy(() -> ingestion.run(new SourceSpec.Folder("x", path, null, null)))
                    .isInstanceOf(AthanorException.class)
                    .hasMessageContaining("sources[0].path")
                    .hasMessageContaining(path);
        }
    }

    @Test
    void aCorpusWithoutAnyDocumentSaysWhatWentWrong() throws Exception {
        file("a.bin", new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8});
        assertThatThrownBy(() -> ingestion().run(source()))
                .isInstanceOf(AthanorException.class)
                .hasMessageContaining("unsupported-format=1");
    }

    @Test
    void thePolicyKeepsLicencesOut() throws Exception {
        file("a.jsonl", """
                {"text":"free","license":"cc-by-4.0"}
                {"text":"not free","license":"CC BY-NC 4.0"}
                {"text":"unknown"}
                """);
        var ingestion = ingestion();
        var unlicensed = new SourceSpec.Folder("mine", data().toString(), null, null);
        var policy = new IngestPolicy(List.of("CC-BY-4.0"), true);
        Manifest manifest = ingestion
                .runner(new IngestDocumentsSpec(List.of(unlicensed), 128L << 20, 1L << 30, 32 << 20, policy, null))
                .run()
                .manifest();
        assertThat(ingestion.documents(manifest)).extracting(Document::text).containsExactly("free");
        assertThat(manifest.counts()).containsEntry("documents.dropped.licence", 2L);
        assertThat(manifest.licences()).containsExactly("CC-BY-4.0");
    }

    @Test
    void readsAHundredNovelsFromOneArchive() throws Exception {
        Path novels = SharedData.folder("novels100");
        var ingestion = new Ingestion(folder.resolve("store"), novels);
        Manifest manifest = ingestion.run(new SourceSpec.Folder(
                "novels", novels.resolve("novels100.tar.zst").toString(), null, "public-domain"));
        assertThat(manifest.counts()).containsEntry("documents", 100L);
        assertThat(ingestion.documents(manifest)).allSatisfy(d -> {
            assertThat(d.uri()).startsWith("novels100.tar.zst!/").endsWith(".txt");
            assertThat(d.text().length()).isGreaterThan(10_000);
        });
    }
}
