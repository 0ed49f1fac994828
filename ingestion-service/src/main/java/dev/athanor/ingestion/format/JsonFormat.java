package dev.athanor.ingestion.format;

import dev.athanor.ingestion.charset.TextDecoder;
import dev.athanor.ingestion.content.Content;
import dev.athanor.ingestion.table.JsonLinesRows;
import dev.athanor.ingestion.table.JsonValuesRows;
import dev.athanor.ingestion.table.Rows;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/** JSON: an array of objects, one object, or an object around an array. JSON Lines named {@code .json} are read as such. */
final class JsonFormat extends TableFormat {

    private static final JsonLinesFormat LINES = new JsonLinesFormat();

    @Override
    public String name() {
        return "json";
    }

    @Override
    public Set<String> extensions() {
        return Set.of("json");
    }

    @Override
    public Set<String> mediaTypes() {
        return Set.of("application/json", "text/json");
    }

    @Override
    public boolean looksLike(String head) {
        return head.matches("(?s)(\\{\\s*\"|\\[\\s*[{\"]).*");
    }

    @Override
    Rows open(Content content) throws IOException {
        String head = new String(content.head(), StandardCharsets.ISO_8859_1)
                .stripLeading()
                .toLowerCase(Locale.ROOT);
        if (LINES.looksLike(head)) {
            return new JsonLinesRows(TextDecoder.reader(content.stream(), content.charset()));
        }
        // An array is read element by element; one object is held in memory, so its size is bounded.
        return new JsonValuesRows(TextDecoder.reader(
                head.startsWith("[") ? content.stream() : new ByteArrayInputStream(content.bytes()),
                content.charset()));
    }
}
