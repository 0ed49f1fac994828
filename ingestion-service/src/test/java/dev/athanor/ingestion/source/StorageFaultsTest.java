package dev.athanor.ingestion.source;

import static dev.athanor.ingestion.http.ReplayServer.cutOff;
import static dev.athanor.ingestion.http.ReplayServer.ok;
import static dev.athanor.ingestion.http.ReplayServer.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.artifacts.S3Clients;
import dev.athanor.artifacts.StoreConfig;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.spec.SourceSpec;
import dev.athanor.contracts.spec.UploadedFile;
import dev.athanor.ingestion.documents.Ingestion;
import dev.athanor.ingestion.http.ReplayServer;
import dev.athanor.ingestion.http.ReplayServer.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/** What goes wrong in folders, uploads and buckets costs the file that it happens to. */
class StorageFaultsTest {

    @TempDir
    Path folder;

    private ReplayServer server;
    private S3Client s3;

    @BeforeEach
    void start() throws IOException {
        server = new ReplayServer();
        s3 = S3Clients.of(new StoreConfig("s3://corpus/", server.url(""), "us-east-1", "access", "secret", folder, 0));
    }

    @AfterEach
    void stop() {
        s3.close();
        server.close();
    }

    private Ingestion ingestion(Runnable beforeTheBucket) throws IOException {
        return new Ingestion(folder.resolve("store"), Files.createDirectories(folder.resolve("data")), "", () -> {
            beforeTheBucket.run();
            return s3;
        });
    }

    /** Two objects: one that is well, and one that is answered like this, whenever it is asked for. */
    private void bucket(Answer... faulty) {
        String list = """
                <ListBucketResult><Name>corpus</Name><Prefix>raw/</Prefix><KeyCount>2</KeyCount><IsTruncated>false</IsTruncated>
                <Contents><Key>raw/a.txt</Key><ETag>"one"</ETag><Size>9</Size></Contents>
                <Contents><Key>raw/b.txt</Key><ETag>"two"</ETag><Size>9</Size></Contents></ListBucketResult>""";
        server.fault((target, turn) -> target.startsWith("/corpus?list-type=2")
                ? ok("application/xml", list)
                : target.startsWith("/corpus/raw/a.txt")
                        ? faulty[Math.min(turn, faulty.length - 1)]
                        : target.startsWith("/corpus/raw/b.txt") ? ok("text/plain", "all well.") : null);
    }

    private Manifest readBucket() throws Exception {
        return ingestion(() -> {}).run(new SourceSpec.S3("bucket", "corpus", "raw/", null, null));
    }

    private void assertOneIsLeft(Manifest manifest) throws Exception {
        Ingestion ingestion = ingestion(() -> {});
        assertThat(ingestion.documents(manifest)).extracting(Document::text).containsExactly("all well.");
        assertThat(ingestion.deadLetters(manifest)).containsExactly("s3://corpus/raw/a.txt unreadable");
    }

    @Test
    void faultsOfABucketThatPassChangeNothing() throws Exception {
        bucket(status("503 Slow Down"), ok("text/plain", "the first"));
        Manifest manifest = readBucket();
        assertThat(ingestion(() -> {}).documents(manifest))
                .extracting(Document::text)
                .containsExactly("the first", "all well.");
        assertThat(ingestion(() -> {}).deadLetters(manifest)).isEmpty();
    }

    @Test
    void faultsOfABucketThatStayAreDeadLetters() throws Exception {
        for (Answer fault :
                List.of(status("500 Internal Server Error"), status("404 Not Found"), cutOff(100_000, "only this"))) {
            bucket(fault);
            assertOneIsLeft(readBucket());
        }
    }

    @Test
    void anObjectThatChangedSinceItWasListedIsNotRead() throws Exception {
        bucket(status("412 Precondition Failed"));
        Manifest manifest = readBucket();
        assertOneIsLeft(manifest);
        assertThat(ingestion(() -> {}).lines(manifest, "dead-letters.jsonl.zst").toString())
                .contains("changed since it was listed");
        assertThat(server.requests)
                .filteredOn(r -> r.target().startsWith("/corpus/raw/a.txt"))
                .isNotEmpty()
                .allSatisfy(r -> assertThat(r.headers()).containsEntry("if-match", "\"one\""));
    }

    @Test
    void filesThatGoWhileTheJobRunsAndFilesCutOffAreDeadLetters() throws Exception {
        Path data = Files.createDirectories(folder.resolve("data"));
        Files.writeString(data.resolve("gone.txt"), "was here");
        Files.writeString(data.resolve("stays.txt"), "is here");
        Files.write(data.resolve("cut.txt.gz"), cutGzip());
        Files.writeString(data.resolve("link.txt"), "to be one");
        Files.writeString(folder.resolve("outside.txt"), "not to be read");
        server.fault((target, turn) -> ok(
                "application/xml", "<ListBucketResult><Name>corpus</Name><KeyCount>0</KeyCount></ListBucketResult>"));
        // The bucket is read first, when the folder has been listed already.
        Ingestion ingestion = ingestion(() -> {
            try {
                Files.deleteIfExists(data.resolve("gone.txt"));
                Files.deleteIfExists(data.resolve("link.txt"));
                Files.createSymbolicLink(data.resolve("link.txt"), folder.resolve("outside.txt"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        Manifest manifest = ingestion.run(
                new SourceSpec.S3("bucket", "corpus", "raw/", null, null),
                new SourceSpec.Folder("folder", data.toString(), null, null));
        assertThat(ingestion.documents(manifest)).extracting(Document::text).contains("is here");
        assertThat(ingestion.documents(manifest))
                .extracting(Document::text)
                .doesNotContain("was here", "not to be read");
        assertThat(ingestion.deadLetters(manifest))
                .contains("cut.txt.gz truncated", "gone.txt unreadable", "link.txt path-refused");
    }

    @Test
    void anUploadThatWasCutOffIsADeadLetter() throws Exception {
        Ingestion ingestion = ingestion(() -> {});
        Manifest manifest = ingestion.run(new SourceSpec.Upload(
                "upload",
                List.of(
                        new UploadedFile("cut.txt.gz", ingestion.store.put(cutGzip())),
                        new UploadedFile("empty.txt", ingestion.store.put(new byte[0])),
                        new UploadedFile("whole.txt", ingestion.store.put("whole".getBytes(StandardCharsets.UTF_8)))),
                null,
                null));
        assertThat(ingestion.documents(manifest)).extracting(Document::text).containsExactly("whole");
        assertThat(ingestion.deadLetters(manifest)).containsExactly("cut.txt.gz truncated", "empty.txt empty");
    }

    private static byte[] cutGzip() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            for (int i = 0; i < 1000; i++) {
                out.write(("line " + i * 7919 % 1000 + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        return Arrays.copyOf(bytes.toByteArray(), bytes.size() / 2);
    }
}
