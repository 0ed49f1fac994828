package dev.athanor.artifacts;

import dev.athanor.contracts.artifact.BlobRef;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.UUID;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** Against an S3 server in this process that keeps its objects in a folder. */
class S3ArtifactStoreTest extends ArtifactStoreContract {

    private static final String BUCKET = "athanor";

    private static S3Proxy server;

    private final String prefix = "tests/" + UUID.randomUUID();
    private int caches;

    @BeforeAll
    static void startServer(@TempDir Path objects) throws Exception {
        server = S3Proxy.builder()
                .blobStore(new FilesystemNio2BlobStore(objects.toString()))
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, "access", "secret")
                .stopTimeout(0)
                .build();
        server.start();
        try (S3Client s3 = S3Clients.of(config("", objects))) {
            s3.createBucket(r -> r.bucket(BUCKET));
        }
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.stop();
    }

    private static StoreConfig config(String prefix, Path cache) {
        return new StoreConfig(
                "s3://" + BUCKET + "/" + prefix,
                "http://127.0.0.1:" + server.getPort(),
                "us-east-1",
                "access",
                "secret",
                cache,
                0);
    }

    @Override
    ArtifactStore openStore() throws IOException {
        return ArtifactStores.open(config(prefix, folder.resolve("cache-" + caches++)));
    }

    @Override
    void damage(BlobRef blob) {
        String key = prefix + "/blobs/sha256/" + blob.sha256().substring(0, 2) + "/" + blob.sha256();
        try (S3Client s3 = S3Clients.of(config(prefix, folder))) {
            byte[] bytes = s3.getObjectAsBytes(r -> r.bucket(BUCKET).key(key)).asByteArray();
            bytes[bytes.length / 2] ^= 1;
            s3.putObject(r -> r.bucket(BUCKET).key(key), RequestBody.fromBytes(bytes));
        }
    }
}
