package dev.athanor.ingestion.format;

import com.github.luben.zstd.ZstdInputStream;
import dev.athanor.ingestion.content.Content;
import dev.athanor.ingestion.content.Output;
import java.io.IOException;
import java.util.Set;

/** Zstandard (RFC 8878), all frames of the file; windows of at most 128 MiB. */
final class ZstdFormat implements Format {

    @Override
    public String name() {
        return "zstd";
    }

    @Override
    public boolean magic(byte[] head) {
        return Formats.startsWith(head, 0x28, 0xb5, 0x2f, 0xfd)
                || (Formats.startsWith(head, 0x50 | (head[0] & 0x0f), 0x2a, 0x4d, 0x18));
    }

    @Override
    public Set<String> extensions() {
        return Set.of("zst", "zstd");
    }

    @Override
    public Set<String> mediaTypes() {
        return Set.of("application/zstd");
    }

    @Override
    public void read(Content content, Output output) throws IOException {
        try (var in = new ZstdInputStream(content.stream()).setLongMax(27)) {
            output.nested(content.decompressed(Formats.without(content.name(), "zst", "zstd"), mediaTypes(), in));
        }
    }
}
