package dev.athanor.ingestion.format;

import dev.athanor.ingestion.content.Content;
import dev.athanor.ingestion.content.Output;
import java.io.IOException;
import java.util.Set;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/** bzip2, all streams of the file. */
final class Bzip2Format implements Format {

    @Override
    public String name() {
        return "bzip2";
    }

    @Override
    public boolean magic(byte[] head) {
        return Formats.startsWith(head, 'B', 'Z', 'h') && head.length > 9 && (head[4] == 0x31 || head[4] == 0x17);
    }

    @Override
    public Set<String> extensions() {
        return Set.of("bz2");
    }

    @Override
    public Set<String> mediaTypes() {
        return Set.of("application/x-bzip2");
    }

    @Override
    public void read(Content content, Output output) throws IOException {
        try (var in = new BZip2CompressorInputStream(content.stream(), true)) {
            output.nested(content.decompressed(Formats.without(content.name(), "bz2"), mediaTypes(), in));
        }
    }
}
