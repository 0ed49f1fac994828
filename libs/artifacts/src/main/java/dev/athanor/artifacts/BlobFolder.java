package dev.athanor.artifacts;

import dev.athanor.contracts.artifact.BlobRef;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A folder of content-addressed files, {@code blobs/sha256/ab/abcd…}. A file is written under a temporary name, forced
 * to disk and moved into place atomically, so a name that exists always has all of its bytes.
 */
final class BlobFolder {

    private static final int BUFFER = 1 << 16;

    private final Path root;
    private final Path tmp;
    private final long reserveBytes;
    /** Blobs whose bytes were checked (or written) by this process. */
    private final Set<String> verified = ConcurrentHashMap.newKeySet();

    BlobFolder(Path root, long reserveBytes) throws IOException {
        this.root = root.toAbsolutePath().normalize();
        this.tmp = this.root.resolve("tmp");
        this.reserveBytes = reserveBytes;
        Files.createDirectories(tmp);
        deleteLeftovers();
    }

    Path root() {
        return root;
    }

    Path path(BlobRef blob) {
        return root.resolve("blobs/sha256")
                .resolve(blob.sha256().substring(0, 2))
                .resolve(blob.sha256());
    }

    boolean has(BlobRef blob) throws IOException {
        try {
            return Files.size(path(blob)) == blob.size();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Takes the file in; it is moved where that is possible. */
    BlobRef put(Path file) throws IOException {
        Path staged = newTemporary();
        try {
            checkSpace(0);
            // Moved before it is hashed: nobody who still knows the old name can change what was hashed.
            Files.move(file, staged, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            checkSpace(Files.size(file));
            StorageFull.guard(root, () -> Files.copy(file, staged));
        }
        return publish(staged, hash(staged));
    }

    BlobRef put(byte[] bytes) throws IOException {
        BlobRef blob = new BlobRef(Json.sha256Hex(bytes), bytes.length);
        if (verified.contains(blob.sha256()) && has(blob)) {
            return blob;
        }
        checkSpace(bytes.length);
        Path staged = newTemporary();
        StorageFull.guard(root, () -> Files.write(staged, bytes));
        return publish(staged, blob);
    }

    /** Takes in the bytes of a stream that must be those of {@code expected}. */
    void fill(BlobRef expected, InputStream in) throws IOException {
        checkSpace(expected.size());
        Path staged = newTemporary();
        MessageDigest digest = Json.sha256();
        try {
            try (OutputStream out = new DigestOutputStream(Files.newOutputStream(staged), digest)) {
                StorageFull.guard(root, () -> in.transferTo(out));
            }
            BlobRef got = new BlobRef(HexFormat.of().formatHex(digest.digest()), Files.size(staged));
            if (!got.equals(expected)) {
                throw corrupt(expected, got);
            }
            publish(staged, expected);
        } finally {
            Files.deleteIfExists(staged);
        }
    }

    InputStream open(BlobRef blob) throws IOException {
        try {
            return new VerifyingInputStream(Files.newInputStream(path(blob)), blob);
        } catch (NoSuchFileException e) {
            throw AthanorException.notFound("blob", blob.sha256());
        }
    }

    /** The file, after its bytes were checked once in this process. */
    Path verified(BlobRef blob) throws IOException {
        Path file = path(blob);
        if (!has(blob)) {
            if (Files.exists(file)) {
                throw corrupt(blob, new BlobRef(blob.sha256(), Files.size(file)));
            }
            throw AthanorException.notFound("blob", blob.sha256());
        }
        if (!verified.contains(blob.sha256())) {
            BlobRef got = hash(file);
            if (!got.equals(blob)) {
                throw corrupt(blob, got);
            }
            verified.add(blob.sha256());
        }
        return file;
    }

    /** Puts a file that is complete under a name of its own, replacing an earlier one. */
    void replace(Path source, Path target) throws IOException {
        checkSpace(Files.size(source));
        Path staged = newTemporary();
        try {
            StorageFull.guard(root, () -> Files.copy(source, staged));
            force(staged);
            Files.createDirectories(parent(target));
            Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            forceFolder(parent(target));
        } finally {
            Files.deleteIfExists(staged);
        }
    }

    static AthanorException corrupt(BlobRef expected, BlobRef got) {
        return new AthanorException(
                ErrorCode.ARTIFACT_CORRUPT,
                "blob " + expected.sha256() + ": expected " + expected.size() + " bytes with that SHA-256, found "
                        + got.size() + " bytes with " + got.sha256());
    }

    Path newTemporary() {
        return tmp.resolve(UUID.randomUUID().toString());
    }

    private BlobRef publish(Path staged, BlobRef blob) throws IOException {
        Path target = path(blob);
        try {
            if (!verified.contains(blob.sha256()) || !has(blob)) {
                force(staged);
                Files.createDirectories(parent(target));
                // Replacing an equal file changes nothing for its readers, and repairs one that went bad on disk.
                Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE);
                forceFolder(parent(target));
            }
            verified.add(blob.sha256());
            return blob;
        } finally {
            Files.deleteIfExists(staged);
        }
    }

    private static BlobRef hash(Path file) throws IOException {
        MessageDigest digest = Json.sha256();
        long size = 0;
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
                size += n;
            }
        }
        return new BlobRef(HexFormat.of().formatHex(digest.digest()), size);
    }

    /** What killed processes left behind; nothing is written for as long as a day. */
    private void deleteLeftovers() throws IOException {
        FileTime dayAgo = FileTime.from(Instant.now().minus(Duration.ofDays(1)));
        try (Stream<Path> files = Files.list(tmp)) {
            for (Path file : files.toList()) {
                if (Files.getLastModifiedTime(file).compareTo(dayAgo) < 0) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (NoSuchFileException e) {
            // Another process tidies up too.
        }
    }

    private void checkSpace(long bytes) throws IOException {
        long usable = Files.getFileStore(root).getUsableSpace();
        if (usable - bytes < reserveBytes) {
            throw StorageFull.exception(
                    root,
                    usable + " bytes are free, " + bytes + " are to be written and " + reserveBytes
                            + " are kept in reserve",
                    null);
        }
    }

    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Makes the new name itself survive a power cut. */
    private static void forceFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static Path parent(Path file) {
        return Objects.requireNonNull(file.getParent());
    }
}
