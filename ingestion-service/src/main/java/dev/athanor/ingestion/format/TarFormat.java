package dev.athanor.ingestion.format;

import dev.athanor.ingestion.content.Content;
import dev.athanor.ingestion.content.Output;
import java.io.FilterInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** tar: every regular file in it by itself. Links and devices are left out; nothing is written to disk under its name. */
final class TarFormat implements Format {

    private static final int MAGIC_AT = 257;

    @Override
    public String name() {
        return "tar";
    }

    @Override
    public boolean magic(byte[] head) {
        return head.length >= 512 && new String(head, MAGIC_AT, 5, StandardCharsets.ISO_8859_1).equals("ustar");
    }

    @Override
    public Set<String> extensions() {
        return Set.of("tar");
    }

    @Override
    public Set<String> mediaTypes() {
        return Set.of("application/x-tar");
    }

    @Override
    public void read(Content content, Output output) throws IOException {
        try (var tar = new TarArchiveInputStream(content.stream(), "UTF-8")) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (!entry.isFile() || !tar.canReadEntryData(entry) || hidden(entry.getName())) {
                    continue;
                }
                var open = new FilterInputStream(tar) {
                    @Override
                    public void close() {
                        // The entry ends here, the archive does not.
                    }
                };
                output.nested(content.entry(entry.getName(), open));
            }
        }
    }

    /** Dot files, and the resource forks that macOS adds. */
    static boolean hidden(String path) {
        for (String part : path.split("/")) {
            if (part.equals("__MACOSX") || (part.startsWith(".") && !part.equals(".") && !part.equals(".."))) {
                return true;
            }
        }
        return false;
    }
}
