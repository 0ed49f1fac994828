package dev.athanor.ingestion.format;

import dev.athanor.ingestion.charset.TextDecoder;
import dev.athanor.ingestion.content.Content;
import dev.athanor.ingestion.content.Output;
import dev.athanor.ingestion.table.CsvRows;
import dev.athanor.ingestion.table.Row;
import dev.athanor.ingestion.table.Rows;
import dev.athanor.ingestion.table.TextColumn;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** CSV and TSV; see {@link CsvRows}. */
final class CsvFormat extends TableFormat {

    private final String name;
    private final char separator;
    private final Set<String> extensions;
    private final Set<String> mediaTypes;

    private CsvFormat(String name, char separator, Set<String> extensions, Set<String> mediaTypes) {
        this.name = name;
        this.separator = separator;
        this.extensions = extensions;
        this.mediaTypes = mediaTypes;
    }

    static CsvFormat csv() {
        return new CsvFormat("csv", ',', Set.of("csv"), Set.of("text/csv", "application/csv"));
    }

    static CsvFormat tsv() {
        return new CsvFormat("tsv", '\t', Set.of("tsv", "tab"), Set.of("text/tab-separated-values"));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Set<String> extensions() {
        return extensions;
    }

    @Override
    public Set<String> mediaTypes() {
        return mediaTypes;
    }

    @Override
    Rows open(Content content) throws IOException {
        var known = new TreeSet<>(TextColumn.KNOWN);
        known.addAll(content.textColumn() == null ? List.of() : List.of(content.textColumn()));
        return new CsvRows(TextDecoder.reader(content.stream(), content.charset()), separator, known);
    }

    @Override
    void noText(Content content, Output output, Row row) throws IOException {
        if (row.cells().size() == 1 && content.textColumn() == null) {
            // One column can only be the text.
            output.document(single(content, row));
            return;
        }
        throw noTextColumn(content, row);
    }

    private static dev.athanor.ingestion.content.Extracted single(Content content, Row row) {
        return new dev.athanor.ingestion.content.Extracted(
                content.uri() + "#row=" + row.number(),
                row.cells().values().iterator().next(),
                "text/plain",
                null,
                null,
                new java.util.TreeMap<>());
    }
}
