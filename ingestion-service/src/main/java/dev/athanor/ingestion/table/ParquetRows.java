package dev.athanor.ingestion.table;

import dev.athanor.ingestion.charset.TextDecoder;
import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.hardwood.row.PqList;
import dev.hardwood.row.PqStruct;
import dev.hardwood.row.StructAccessor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows of a Parquet file through hardwood: scalars as text, nested fields as {@code outer.inner}, lists of texts joined. */
public final class ParquetRows implements Rows {

    private final ParquetFileReader file;
    private final RowReader rows;
    private long number;

    public ParquetRows(Path path) throws IOException {
        this.file = ParquetFileReader.open(InputFile.of(path));
        try {
            this.rows = file.rowReader();
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public @Nullable Row next() throws IOException {
        if (!rows.hasNext()) {
            return null;
        }
        rows.next();
        number++;
        var cells = new LinkedHashMap<String, String>();
        add(cells, "", rows, 0);
        return new Row(number, cells);
    }

    @Override
    public void close() throws IOException {
        try {
            rows.close();
        } finally {
            file.close();
        }
    }

    private static void add(Map<String, String> cells, String prefix, StructAccessor struct, int depth) {
        for (int i = 0; i < struct.getFieldCount(); i++) {
            Object value = struct.isNull(i) ? null : struct.getValue(i);
            String name = prefix + struct.getFieldName(i);
            switch (value) {
                case null -> {}
                case PqStruct inner when depth == 0 -> add(cells, name + ".", inner, 1);
                case PqList list -> {
                    String joined = joined(list);
                    if (joined != null) {
                        cells.put(name, joined);
                    }
                }
                case byte[] bytes -> {
                    String text = utf8(bytes);
                    if (text != null) {
                        cells.put(name, text);
                    }
                }
                case String text -> cells.put(name, text);
                case Number n -> cells.put(name, n.toString());
                case Boolean b -> cells.put(name, b.toString());
                case java.time.temporal.TemporalAccessor t -> cells.put(name, t.toString());
                default -> {}
            }
        }
    }

    private static @Nullable String joined(PqList list) {
        var text = new StringBuilder();
        for (Object value : list.values()) {
            if (!(value instanceof String s)) {
                return null;
            }
            text.append(text.isEmpty() ? "" : "\n").append(s);
        }
        return text.isEmpty() ? null : text.toString();
    }

    /** Writers that set no logical type leave texts as bytes. */
    private static @Nullable String utf8(byte[] bytes) {
        return TextDecoder.utf8(bytes);
    }
}
