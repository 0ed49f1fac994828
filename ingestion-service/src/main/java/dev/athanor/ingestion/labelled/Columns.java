package dev.athanor.ingestion.labelled;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.spec.IngestLabelledSpec;
import dev.athanor.ingestion.table.Row;
import dev.athanor.ingestion.table.TextColumn;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which columns hold text and label. */
record Columns(String text, String label) {

    /**
     * @param sample first rows of a file
     * @throws AthanorException INVALID_SPEC that names the columns found
     */
    static Columns of(List<Row> sample, IngestLabelledSpec spec, String file) {
        Set<String> columns = new TreeSet<>();
        sample.forEach(row -> columns.addAll(row.cells().keySet()));
        if (columns.equals(Set.of("0", "1"))) {
            return withoutHeader(sample);
        }
        return new Columns(
                find(
                        "textColumn",
                        columns,
                        spec.textColumn(),
                        IngestLabelledSpec.DEFAULTS.textColumn(),
                        TextColumn.TEXT_NAMES,
                        file),
                find(
                        "labelColumn",
                        columns,
                        spec.labelColumn(),
                        IngestLabelledSpec.DEFAULTS.labelColumn(),
                        TextColumn.LABEL_NAMES,
                        file));
    }

    private static String find(
            String field, Collection<String> columns, String wanted, String usual, List<String> names, String file) {
        String column = TextColumn.find(columns, wanted, List.of());
        if (column == null && wanted.equals(usual)) {
            column = TextColumn.find(columns, null, names);
        }
        if (column == null) {
            throw AthanorException.invalidSpec(field, wanted, "one of the columns of " + file + ": " + columns);
        }
        return column;
    }

    /** Of two columns without names, the one with fewer different and shorter values is the label. */
    private static Columns withoutHeader(List<Row> sample) {
        long weight0 = weight(sample, "0");
        long weight1 = weight(sample, "1");
        return weight1 <= weight0 ? new Columns("0", "1") : new Columns("1", "0");
    }

    private static long weight(List<Row> sample, String column) {
        Set<String> values = new HashSet<>();
        sample.forEach(row -> values.add(row.cells().getOrDefault(column, "")));
        return values.stream().mapToLong(String::length).sum();
    }
}
