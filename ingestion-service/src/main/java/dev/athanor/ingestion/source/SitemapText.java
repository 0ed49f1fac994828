package dev.athanor.ingestion.source;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** A sitemap's XML; the protocol (https://www.sitemaps.org/protocol.html) allows 50 MB, plain or in gzip. */
final class SitemapText {

    private static final int MAX_BYTES = 50 << 20;

    private SitemapText() {}

    static String of(Path file) throws IOException {
        try (var in = new BufferedInputStream(Files.newInputStream(file))) {
            in.mark(2);
            boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
            in.reset();
            InputStream plain = gzip ? new GZIPInputStream(in) : in;
            return new String(plain.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
        }
    }
}
