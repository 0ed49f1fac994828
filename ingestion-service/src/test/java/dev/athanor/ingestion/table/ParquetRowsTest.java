package dev.athanor.ingestion.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.ingestion.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ParquetRowsTest {

    private static List<Row> rows(Path file) throws IOException {
        List<Row> all = new ArrayList<>();
        try (var rows = new ParquetRows(file)) {
            for (Row row = rows.next(); row != null; row = rows.next()) {
                all.add(row);
            }
        }
        return all;
    }

    @Test
    void everyCodecAndEncodingOfTheSamplesIsDecoded() throws IOException {
        try (Stream<Path> files = Files.list(SharedData.folder("parquet"))) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".parquet")).toList()) {
                assertThat(rows(file)).as(file.getFileName().toString()).isNotEmpty();
            }
        }
    }

    @Test
    void valuesAreTexts() throws IOException {
        Path folder = SharedData.folder("parquet");
        assertThat(rows(folder.resolve("alltypes_plain.parquet")))
                .hasSize(8)
                .first()
                .satisfies(row -> assertThat(row.cells())
                        .containsEntry("id", "4")
                        .containsEntry("bool_col", "true")
                        .containsEntry("string_col", "0")
                        .containsEntry("date_string_col", "03/01/09"));
        assertThat(rows(folder.resolve("lz4_raw_compressed.parquet")))
                .hasSize(4)
                .last()
                .satisfies(row -> assertThat(row.cells()).containsEntry("c1", "def"));
        assertThat(rows(folder.resolve("list_columns.parquet")).getFirst().cells())
                .containsEntry("utf8_list", "abc\nefg\nhij");
    }
}
