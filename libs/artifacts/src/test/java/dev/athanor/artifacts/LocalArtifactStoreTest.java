package dev.athanor.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.athanor.contracts.artifact.BlobRef;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LocalArtifactStoreTest extends ArtifactStoreContract {

    @Override
    ArtifactStore openStore() throws IOException {
        return ArtifactStores.open(StoreConfig.local(folder.resolve("store")));
    }

    @Override
    void damage(BlobRef blob) throws IOException {
        Path file = new BlobFolder(folder.resolve("store"), 0).path(blob);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }

    @Test
    void storingTheBytesAgainRepairsADamagedBlob() throws IOException {
        byte[] bytes = "some bytes".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        BlobRef blob;
        try (ArtifactStore store = openStore()) {
            blob = store.put(bytes);
        }
        damage(blob);
        try (ArtifactStore store = openStore()) {
            store.put(bytes);
            assertThat(store.local(blob)).hasBinaryContent(bytes);
        }
    }

    @Test
    void aFullDiskIsReportedBeforeItsLastBytesAreTaken() throws IOException {
        try (ArtifactStore store = new LocalArtifactStore(folder.resolve("store"), Long.MAX_VALUE / 2)) {
            AthanorException e = catchThrowableOfType(AthanorException.class, () -> store.put(new byte[10]));
            assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FULL);
            assertThat(e).hasMessageContaining("is full").hasMessageContaining("in reserve");
        }
    }

    @Test
    void theSystemsNoSpaceErrorBecomesStorageFull() {
        Path full = Path.of("/dev/full");
        assumeThat(full).exists();
        AthanorException e = catchThrowableOfType(
                AthanorException.class,
                () -> StorageFull.guard(folder, () -> {
                    try (OutputStream out = Files.newOutputStream(full, StandardOpenOption.WRITE)) {
                        out.write(new byte[10]);
                    }
                    return 0;
                }));
        assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FULL);
    }

    @Test
    void whatAKilledProcessLeftIsTidiedUpAfterADay() throws IOException {
        Path tmp = Files.createDirectories(folder.resolve("store/tmp"));
        Path old = Files.write(tmp.resolve("old"), new byte[3]);
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(100_000)));
        Path fresh = Files.write(tmp.resolve("fresh"), new byte[3]);
        openStore().close();
        assertThat(old).doesNotExist();
        assertThat(fresh).exists();
    }
}
