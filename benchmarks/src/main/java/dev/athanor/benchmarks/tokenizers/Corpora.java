package dev.athanor.benchmarks.tokenizers;

import com.github.luben.zstd.ZstdInputStream;
import dev.athanor.benchmarks.Shared;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The data folder that the figures are measured on: {@code ATHANOR_SHARED}, or a folder {@code shared} beside the project. */
final class Corpora {

    private Corpora() {}

    /** The folder, or null where there is none. */
    static @Nullable Path folder() {
        return Shared.folder();
    }

    static byte[] unpacked(Path zstd) throws IOException {
        try (InputStream in = new ZstdInputStream(Files.newInputStream(zstd))) {
            return in.readAllBytes();
        }
    }

    static String text(Path zstd) throws IOException {
        return new String(unpacked(zstd), StandardCharsets.UTF_8);
    }

    /** The first bytes of the .txt files of a tar archive, one after the other in the order of the archive. */
    static byte[] firstOfTar(Path zstd, int bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes);
        try (InputStream in = new ZstdInputStream(Files.newInputStream(zstd))) {
            while (out.size() < bytes) {
                byte[] header = in.readNBytes(512);
                if (header.length < 512 || header[0] == 0) {
                    break;
                }
                String name = new String(header, 0, 100, StandardCharsets.UTF_8).split("\0", 2)[0];
                int size = Integer.parseInt(new String(header, 124, 11, StandardCharsets.US_ASCII).strip(), 8);
                byte[] content = in.readNBytes(size);
                in.skipNBytes((512 - size % 512) % 512);
                if (name.endsWith(".txt") && header[156] != '5') {
                    new ByteArrayInputStream(content, 0, Math.min(size, bytes - out.size())).transferTo(out);
                }
            }
        }
        return out.toByteArray();
    }
}
