package dev.athanor.artifacts;

import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.BlobRef;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A store in a local (or shared) folder: {@code blobs/}, {@code manifests/}, {@code scratch/} and {@code tmp/}, which
 * must lie on one file system.
 */
public final class LocalArtifactStore implements ArtifactStore {

    private final BlobFolder blobs;

    public LocalArtifactStore(Path folder) throws IOException {
        this(folder, StoreConfig.DEFAULT_RESERVE);
    }

    /** @param reserveBytes disk space that is left free; a write that would go below it is refused */
    public LocalArtifactStore(Path folder, long reserveBytes) throws IOException {
        this.blobs = new BlobFolder(folder, reserveBytes);
    }

    @Override
    public BlobRef put(Path file) throws IOException {
        return blobs.put(file);
    }

    @Override
    public BlobRef put(byte[] bytes) throws IOException {
        return blobs.put(bytes);
    }

    @Override
    public InputStream open(BlobRef blob) throws IOException {
        return blobs.open(blob);
    }

    @Override
    public Path local(BlobRef blob) throws IOException {
        return blobs.verified(blob);
    }

    @Override
    public ArtifactId publish(Manifest manifest) throws IOException {
        for (ArtifactFile file : manifest.files()) {
            if (!blobs.has(file.blob())) {
                throw AthanorException.notFound(
                        "blob for file '" + file.name() + "'", file.blob().sha256());
            }
        }
        byte[] bytes = Json.canonicalBytes(manifest);
        ArtifactId id = ArtifactId.ofSha256(Json.sha256Hex(bytes));
        Path target = blobs.root().resolve(Manifests.name(id));
        if (!Files.exists(target)) {
            Path staged = blobs.newTemporary();
            try {
                StorageFull.guard(blobs.root(), () -> Files.write(staged, bytes));
                blobs.replace(staged, target);
            } finally {
                Files.deleteIfExists(staged);
            }
        }
        return id;
    }

    @Override
    public Manifest manifest(ArtifactId id) throws IOException {
        try {
            return Manifests.read(id, Files.readAllBytes(blobs.root().resolve(Manifests.name(id))));
        } catch (NoSuchFileException e) {
            throw AthanorException.notFound("artifact", id.value());
        }
    }

    @Override
    public List<ArtifactId> artifacts() throws IOException {
        Path folder = blobs.root().resolve(Manifests.FOLDER);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return Manifests.ids(files.map(file -> file.getFileName().toString()));
        }
    }

    @Override
    public Scratch scratch(String key) {
        return new LocalScratch(blobs, key);
    }

    @Override
    public void close() {}
}
