package dev.athanor.artifacts;

import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.BlobRef;
import dev.athanor.contracts.artifact.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * Immutable, content-addressed bytes and manifests. Everything is published atomically: a reader sees all of a blob or
 * nothing. Publishing the same bytes again is a no-op.
 */
public interface ArtifactStore extends AutoCloseable {

    /** Publishes a file's bytes; the file may be moved into the store. */
    BlobRef put(Path file) throws IOException;

    BlobRef put(byte[] bytes) throws IOException;

    /**
     * Streams a blob; reading to the end checks the SHA-256.
     *
     * @throws dev.athanor.contracts.error.AthanorException NOT_FOUND, or ARTIFACT_CORRUPT at the end of the stream
     */
    InputStream open(BlobRef blob) throws IOException;

    /** A local file with the blob's bytes, verified, never to be written to; fit for memory mapping. */
    Path local(BlobRef blob) throws IOException;

    /** Publishes the manifest, after checking that all its blobs are there. */
    ArtifactId publish(Manifest manifest) throws IOException;

    Manifest manifest(ArtifactId id) throws IOException;

    /** All artifacts, sorted by id. Reads a whole listing: for searches that people ask for, not for stages. */
    List<ArtifactId> artifacts() throws IOException;

    /** Durable named files of one task that outlive its worker. */
    Scratch scratch(String key);

    @Override
    void close();
}
