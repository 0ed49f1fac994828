package dev.athanor.ingestion.format;

import dev.athanor.ingestion.charset.Decoded;
import dev.athanor.ingestion.charset.TextDecoder;
import dev.athanor.ingestion.content.Content;
import dev.athanor.ingestion.content.Extracted;
import dev.athanor.ingestion.content.Output;
import java.io.IOException;
import java.util.Set;

/** Plain text of any encoding: one file, one document. */
final class TextFormat implements Format {

    @Override
    public String name() {
        return "text";
    }

    @Override
    public Set<String> extensions() {
        return Set.of("txt", "text", "asc", "log");
    }

    @Override
    public Set<String> mediaTypes() {
        return Set.of("text/plain");
    }

    /** Few control characters; the head has lost its zero bytes, so that UTF-16 passes. */
    @Override
    public boolean looksLike(String head) {
        long control = head.chars()
                .filter(c -> c < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != 0x1b)
                .count();
        return control * 100 <= head.length();
    }

    @Override
    public void read(Content content, Output output) throws IOException {
        Decoded decoded = TextDecoder.decode(content.bytes(), content.charset());
        output.document(new Extracted(content.uri(), decoded.text(), "text/plain", null, null, decoded.metadata()));
    }
}
