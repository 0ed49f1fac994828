package dev.athanor.artifacts;

import dev.athanor.contracts.error.Checks;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/** Opens the store that a configuration names. */
public final class ArtifactStores {

    private ArtifactStores() {}

    public static ArtifactStore open(StoreConfig config) throws IOException {
        if (!config.isS3()) {
            return new LocalArtifactStore(Path.of(config.location()), config.reserveBytes());
        }
        URI location = URI.create(config.location());
        String bucket = location.getHost();
        Checks.notBlank("store bucket", bucket);
        String prefix = location.getPath().replaceAll("^/+|/+$", "");
        return new S3ArtifactStore(
                S3Clients.of(config), bucket, prefix, new BlobFolder(config.cacheFolder(), config.reserveBytes()));
    }
}
