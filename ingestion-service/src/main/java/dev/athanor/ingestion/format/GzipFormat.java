package dev.athanor.ingestion.format;

import dev.athanor.ingestion.content.Content;
import dev.athanor.ingestion.content.Output;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.zip.GZIPInputStream;

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
        // The JDK's reader, because it skips the extra fields that some crawlers write without regard to their length.
        try (var in = new GZIPInputStream(new KnowsItsEnd(content.stream()), 1 << 16)) {
            output.nested(content.decompressed(Formats.without(content.name(), "gz", "gzip"), mediaTypes(), in));
        }
    }

    /** GZIPInputStream looks for a next member only where {@code available} says that there is more. */
    private static final class KnowsItsEnd extends FilterInputStream {

        KnowsItsEnd(InputStream in) {
            super(in);
        }

        @Override
        public int available() throws IOException {
            in.mark(1);
            int next = in.read();
            in.reset();
            return next < 0 ? 0 : 1;
        }
    }
}
