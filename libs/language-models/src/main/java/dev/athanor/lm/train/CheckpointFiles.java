package dev.athanor.lm.train;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import dev.athanor.lm.format.SafetensorsFile;
import dev.athanor.lm.format.SafetensorsFile.Source;
import dev.athanor.lm.train.CheckpointManifest.Shard;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;

/** Writes and reads the tensor files of checkpoints. */
final class CheckpointFiles {

    private static final String COMPRESSED = ".zst";
    private static final int LEVEL = 3;

    private final CheckpointStore store;
    private final Path workFolder;
    private final long shardBytes;

    /** @param shardBytes size from which on tensors go to the next file */
    CheckpointFiles(CheckpointStore store, Path workFolder, long shardBytes) {
        this.store = store;
        this.workFolder = workFolder;
        this.shardBytes = shardBytes;
    }

    /** @param prefix of the files' names */
    List<Shard> write(String prefix, List<Source> sources, boolean compress) throws IOException {
        List<Shard> shards = new ArrayList<>();
        List<Source> next = new ArrayList<>();
        long bytes = 0;
        for (Source source : sources) {
            if (bytes > 0 && bytes + source.byteSize() > shardBytes) {
                shards.add(writeOne(prefix + shards.size(), next, compress));
                next.clear();
                bytes = 0;
            }
            next.add(source);
            bytes += source.byteSize();
        }
        if (!next.isEmpty()) {
            shards.add(writeOne(prefix + shards.size(), next, compress));
        }
        return shards;
    }

    private Shard writeOne(String name, List<Source> sources, boolean compress) throws IOException {
        String file = name + ".safetensors";
        Path written = fresh(file);
        SafetensorsFile.write(written, sources, new TreeMap<>());
        if (compress) {
            Path plain = written;
            file += COMPRESSED;
            written = fresh(file);
            try (OutputStream out = new ZstdOutputStream(Files.newOutputStream(written), LEVEL)) {
                Files.copy(plain, out);
            }
            Files.delete(plain);
        }
        var shard = new Shard(
                file,
                Files.size(written),
                sha256(written),
                sources.stream().map(Source::name).toList());
        store.publish(file, written);
        Files.deleteIfExists(written);
        return shard;
    }

    /**
     * The file on local disk, not compressed.
     *
     * @throws IOException if it is not there, or not as it was written
     */
    Path fetch(Shard shard) throws IOException {
        Path fetched = fresh(shard.file());
        store.fetch(shard.file(), fetched);
        if (Files.size(fetched) != shard.bytes() || !sha256(fetched).equals(shard.sha256())) {
            throw new IOException(shard.file() + " is damaged: its bytes are not those that were written");
        }
        if (!shard.file().endsWith(COMPRESSED)) {
            return fetched;
        }
        Path plain = fresh(shard.file().substring(0, shard.file().length() - COMPRESSED.length()));
        try (InputStream in = new ZstdInputStream(Files.newInputStream(fetched))) {
            Files.copy(in, plain);
        }
        Files.delete(fetched);
        return plain;
    }

    /** Where the named file may be put on its way to or from the store. */
    Path fresh(String name) throws IOException {
        Path file = workFolder.resolve("working-" + name);
        Files.deleteIfExists(file);
        return file;
    }

    private static String sha256(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
