package dev.athanor.ingestion.format;

import dev.athanor.ingestion.content.Content;
import dev.athanor.ingestion.table.ParquetRows;
import dev.athanor.ingestion.table.Row;
import dev.athanor.ingestion.table.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parquet without Hadoop; see {@link ParquetRows}. */
final class ParquetFormat extends TableFormat {

    @Override
    public String name() {
        return "parquet";
    }

    @Override
    public boolean magic(byte[] head) {
        return Formats.startsWith(head, 'P', 'A', 'R', '1');
    }

    @Override
    public Set<String> extensions() {
        return Set.of("parquet");
    }

    @Override
    public Set<String> mediaTypes() {
        return Set.of("application/vnd.apache.parquet");
    }

    @Override
    Rows open(Content content) throws IOException {
        Path file = content.spool();
        try {
            Rows rows = new ParquetRows(file);
            return new Rows() {
                @Override
                public @Nullable Row next() throws IOException {
                    content.budget().checkTime();
                    return rows.next();
                }

                @Override
                public void close() throws IOException {
                    try {
                        rows.close();
                    } finally {
                        Files.deleteIfExists(file);
                    }
                }
            };
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    @Override
    void noText(Content content, dev.athanor.ingestion.content.Output output, Row row) throws IOException {
        throw noTextColumn(content, row);
    }
}
