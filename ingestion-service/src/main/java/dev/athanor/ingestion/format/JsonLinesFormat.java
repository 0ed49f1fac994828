package dev.athanor.ingestion.format;

import dev.athanor.ingestion.charset.TextDecoder;
import dev.athanor.ingestion.content.Content;
import dev.athanor.ingestion.table.JsonLinesRows;
import dev.athanor.ingestion.table.Rows;
import java.io.IOException;
import java.util.Set;

/** JSON Lines: one document a line; a broken line is one dead letter. */
final class JsonLinesFormat extends TableFormat {

    @Override
    public String name() {
        return "jsonl";
    }

    @Override
    public Set<String> extensions() {
        return Set.of("jsonl", "ndjson");
    }

    @Override
    public Set<String> mediaTypes() {
        return Set.of("application/jsonl", "application/x-ndjson", "application/x-jsonlines");
    }

    /** A whole object on the first line, and a second one behind it. */
    @Override
    public boolean looksLike(String head) {
        int end = head.indexOf('\n');
        return head.startsWith("{")
                && end > 0
                && head.substring(0, end).stripTrailing().endsWith("}")
                && head.substring(end).stripLeading().startsWith("{");
    }

    @Override
    Rows open(Content content) throws IOException {
        return new JsonLinesRows(TextDecoder.reader(content.stream(), content.charset()));
    }
}
