package dev.athanor.ingestion.labelled;

import com.github.luben.zstd.ZstdInputStream;
import dev.athanor.contracts.spec.IngestLabelledSpec;
import dev.athanor.ingestion.charset.TextDecoder;
import dev.athanor.ingestion.content.Budget;
import dev.athanor.ingestion.table.CsvRows;
import dev.athanor.ingestion.table.JsonLinesRows;
import dev.athanor.ingestion.table.Row;
import dev.athanor.ingestion.table.Rows;
import dev.athanor.ingestion.table.TextColumn;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Opens a file of a labelled set as rows. */
final class SetRows {

    /** Columns of a file of aligned texts and labels, and of a table without a header once they are told apart. */
    static final String TEXT = "text";

    static final String LABEL = "label";

    private SetRows() {}

    static Rows open(SetFile file, IngestLabelledSpec spec, Budget budget) throws IOException {
        Path labels = file.labels();
        if (labels != null) {
            return new Aligned(reader(file.path(), budget), reader(labels, budget));
        }
        String name =
                file.path().getFileName().toString().toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|zst)$", "");
        if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
            return new JsonLinesRows(reader(file.path(), budget));
        }
        var known = new TreeSet<>(TextColumn.KNOWN);
        known.add(spec.textColumn().toLowerCase(Locale.ROOT));
        known.add(spec.labelColumn().toLowerCase(Locale.ROOT));
        return new CsvRows(reader(file.path(), budget), name.endsWith(".tsv") ? '\t' : ',', known);
    }

    private static Reader reader(Path path, Budget budget) throws IOException {
        InputStream in = budget.raw(Files.newInputStream(path));
        String name = path.getFileName().toString();
        if (name.endsWith(".gz")) {
            in = budget.expanded(new GZIPInputStream(in, 1 << 16));
        } else if (name.endsWith(".zst")) {
            in = budget.expanded(new ZstdInputStream(in));
        }
        return TextDecoder.reader(in, null);
    }

    /** One text a line, and its label in the same line of another file. */
    private static final class Aligned implements Rows {

        private final BufferedReader texts;
        private final BufferedReader labels;
        private long number;

        Aligned(Reader texts, Reader labels) {
            this.texts = new BufferedReader(texts);
            this.labels = new BufferedReader(labels);
        }

        @Override
        public @Nullable Row next() throws IOException {
            String text = texts.readLine();
            String label = labels.readLine();
            if (text == null || label == null) {
                if (text != null && !text.isBlank() || label != null && !label.isBlank()) {
                    throw new IOException("texts and labels are not of equal length: one ends after line " + number);
                }
                return null;
            }
            number++;
            return new Row(number, Map.of(TEXT, text, LABEL, label));
        }

        @Override
        public void close() throws IOException {
            texts.close();
            labels.close();
        }
    }
}
