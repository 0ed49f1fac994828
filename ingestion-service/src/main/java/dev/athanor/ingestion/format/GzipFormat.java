package dev.athanor.ingestion.format;

import dev.athanor.ingestion.content.Content;
import dev.athanor.ingestion.content.Output;
import java.io.IOException;
import java.util.Set;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/** gzip (RFC 1952), all members of the file. */
final class GzipFormat implements Format {

    @Override
    public String name() {
        return "gzip";
    }

    @Override
    public boolean magic(byte[] head) {
        return Formats.startsWith(head, 0x1f, 0x8b);
    }

    @Override
    public Set<String> extensions() {
        return Set.of("gz", "gzip");
    }

    @Override
    public Set<String> mediaTypes() {
        return Set.of("application/gzip", "application/x-gzip");
    }

    @Override
    public void read(Content content, Output output) throws IOException {
        try (var in = GzipCompressorInputStream.builder()
                .setInputStream(content.stream())
                .setDecompressConcatenated(true)
                .get()) {
            output.nested(content.decompressed(Formats.without(content.name(), "gz", "gzip"), in));
        }
    }
}
