package dev.athanor.ingestion.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.athanor.artifacts.S3Clients;
import dev.athanor.artifacts.StoreConfig;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.spec.SourceSpec;
import dev.athanor.ingestion.documents.Ingestion;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** Against an S3 server in this process. */
class S3ConnectorTest {

    @Test
    void objectsUnderAPrefixInTheOrderOfTheirKeys(@TempDir Path folder) throws Exception {
        S3Proxy server = S3Proxy.builder()
                .blobStore(new FilesystemNio2BlobStore(
                        Files.createDirectories(folder.resolve("objects")).toString()))
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, "access", "secret")
                .stopTimeout(0)
                .build();
        server.start();
        var config = new StoreConfig(
                "s3://corpus/", "http://127.0.0.1:" + server.getPort(), "us-east-1", "access", "secret", folder, 0);
        try (S3Client s3 = S3Clients.of(config)) {
            s3.createBucket(r -> r.bucket("corpus"));
            put(s3, "raw/b.txt", "second");
            put(s3, "raw/a/rows.jsonl", "{\"text\": \"first\"}\n{\"text\": \"and one more\"}\n");
            put(s3, "raw/broken.pdf", "%PDF-1.7 no more of it");
            put(s3, "other/c.txt", "not asked for");
            var ingestion = new Ingestion(
                    folder.resolve("store"),
                    Files.createDirectories(folder.resolve("data")),
                    "http://127.0.0.1:1",
                    () -> s3);
            var manifest = ingestion.run(new SourceSpec.S3("bucket", "corpus", "raw/", null, null));
            assertThat(ingestion.documents(manifest))
                    .extracting(Document::text, d -> d.uri().startsWith("s3://corpus/raw/"))
                    .containsExactly(tuple("first", true), tuple("and one more", true), tuple("second", true));
            assertThat(ingestion.deadLetters(manifest))
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith("s3://corpus/raw/broken.pdf");
            assertThat(ingestion
                            .run(new SourceSpec.S3("bucket", "corpus", "raw/b", null, null))
                            .counts())
                    .containsEntry("documents", 1L);
        } finally {
            server.stop();
        }
    }

    private static void put(S3Client s3, String key, String text) {
        s3.putObject(r -> r.bucket("corpus").key(key), RequestBody.fromString(text));
    }
}
