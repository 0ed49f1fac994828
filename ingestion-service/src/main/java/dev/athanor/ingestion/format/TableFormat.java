package dev.athanor.ingestion.format;

import dev.athanor.ingestion.content.BadContentException;
import dev.athanor.ingestion.content.Content;
import dev.athanor.ingestion.content.DeadLetterReason;
import dev.athanor.ingestion.content.Extracted;
import dev.athanor.ingestion.content.Output;
import dev.athanor.ingestion.table.BadRowException;
import dev.athanor.ingestion.table.Row;
import dev.athanor.ingestion.table.Rows;
import dev.athanor.ingestion.table.TextColumn;
import java.io.IOException;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Tables: each row with a text is a document {@code file#row=N} (RFC 7111); its other short cells are metadata. */
abstract class TableFormat implements Format {

    private static final int MAX_VALUE = 1000;
    private static final int MAX_VALUES = 40;

    abstract Rows open(Content content) throws IOException;

    @Override
    public void read(Content content, Output output) throws IOException {
        try (Rows rows = open(content)) {
            while (true) {
                Row row;
                try {
                    row = rows.next();
                } catch (BadRowException e) {
                    output.deadLetter(
                            uri(content, e.number()), DeadLetterReason.CORRUPT, String.valueOf(e.getMessage()));
                    continue;
                }
                if (row == null) {
                    return;
                }
                String column = TextColumn.find(row.cells().keySet(), content.textColumn(), TextColumn.TEXT_NAMES);
                if (column == null) {
                    noText(content, output, row);
                } else {
                    output.document(document(content, row, column));
                }
            }
        }
    }

    /** Names the columns that are there; a table whose columns never change is given up at its first row. */
    void noText(Content content, Output output, Row row) throws IOException {
        output.deadLetter(uri(content, row.number()), DeadLetterReason.NO_TEXT_COLUMN, missing(content, row));
    }

    static BadContentException noTextColumn(Content content, Row row) {
        return new BadContentException(DeadLetterReason.NO_TEXT_COLUMN, missing(content, row));
    }

    private static String missing(Content content, Row row) {
        return "expected a column "
                + (content.textColumn() == null ? "like 'text'" : "'" + content.textColumn() + "'")
                + ", found " + row.cells().keySet().stream().limit(MAX_VALUES).toList();
    }

    private static Extracted document(Content content, Row row, String textColumn) {
        String licence = null;
        String language = null;
        var metadata = new TreeMap<String, String>();
        for (var cell : row.cells().entrySet()) {
            String value = cell.getValue();
            switch (cell.getKey().toLowerCase(Locale.ROOT)) {
                case "license", "licence" -> licence = Licences.normalize(value);
                case "lang", "language" -> language = languageTag(value);
                default -> {}
            }
            if (!cell.getKey().equals(textColumn)
                    && !value.isBlank()
                    && value.length() <= MAX_VALUE
                    && metadata.size() < MAX_VALUES) {
                metadata.put(cell.getKey(), value);
            }
        }
        String text = row.cells().getOrDefault(textColumn, "");
        return new Extracted(uri(content, row.number()), text, mediaType(textColumn), licence, language, metadata);
    }

    private static String mediaType(String textColumn) {
        return textColumn.toLowerCase(Locale.ROOT).endsWith("html") ? "text/html" : "text/plain";
    }

    private static @Nullable String languageTag(String value) {
        return value.matches("[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8})*") ? value.replace('_', '-') : null;
    }

    private static String uri(Content content, long row) {
        return content.uri() + "#row=" + row;
    }
}
