package dev.athanor.artifacts;

import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.BlobRef;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/**
 * A store in an S3 bucket with a local folder of verified copies. Objects appear atomically in S3, so no temporary names
 * are needed there; {@code If-None-Match: *} keeps an object from being written twice.
 */
public final class S3ArtifactStore implements ArtifactStore {

    private final S3Objects objects;
    private final BlobFolder cache;

    S3ArtifactStore(S3Client s3, String bucket, String prefix, BlobFolder cache) {
        this.objects = new S3Objects(s3, bucket, prefix.isEmpty() ? "" : prefix + "/");
        this.cache = cache;
    }

    @Override
    public BlobRef put(Path file) throws IOException {
        return upload(cache.put(file));
    }

    @Override
    public BlobRef put(byte[] bytes) throws IOException {
        return upload(cache.put(bytes));
    }

    @Override
    public InputStream open(BlobRef blob) throws IOException {
        if (cache.has(blob)) {
            return cache.open(blob);
        }
        try {
            return new VerifyingInputStream(objects.open(key(blob)), blob);
        } catch (NoSuchKeyException e) {
            throw AthanorException.notFound("blob", blob.sha256());
        }
    }

    @Override
    public Path local(BlobRef blob) throws IOException {
        if (!cache.has(blob)) {
            try (InputStream in = objects.open(key(blob))) {
                cache.fill(blob, in);
            } catch (NoSuchKeyException e) {
                throw AthanorException.notFound("blob", blob.sha256());
            }
        }
        return cache.verified(blob);
    }

    @Override
    public ArtifactId publish(Manifest manifest) throws IOException {
        for (ArtifactFile file : manifest.files()) {
            if (objects.size(key(file.blob())) != file.blob().size()) {
                throw AthanorException.notFound(
                        "blob for file '" + file.name() + "'", file.blob().sha256());
            }
        }
        byte[] bytes = Json.canonicalBytes(manifest);
        ArtifactId id = ArtifactId.ofSha256(Json.sha256Hex(bytes));
        objects.putNew(Manifests.name(id), RequestBody.fromBytes(bytes));
        return id;
    }

    @Override
    public Manifest manifest(ArtifactId id) throws IOException {
        try (InputStream in = objects.open(Manifests.name(id))) {
            return Manifests.read(id, in.readAllBytes());
        } catch (NoSuchKeyException e) {
            throw AthanorException.notFound("artifact", id.value());
        }
    }

    @Override
    public List<ArtifactId> artifacts() {
        return Manifests.ids(objects.list(Manifests.FOLDER).stream());
    }

    @Override
    public Scratch scratch(String key) {
        return new S3Scratch(objects, key);
    }

    @Override
    public void close() {
        objects.close();
    }

    private BlobRef upload(BlobRef blob) throws IOException {
        if (objects.size(key(blob)) != blob.size()) {
            objects.putNew(key(blob), cache.path(blob), blob.size());
        }
        return blob;
    }

    private static String key(BlobRef blob) {
        return "blobs/sha256/" + blob.sha256().substring(0, 2) + "/" + blob.sha256();
    }
}
