package dev.athanor.contracts.spec;

import dev.athanor.contracts.error.Checks;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code ingestion.labelled}: a folder with train, dev (or validation) and test files (csv, tsv or jsonl, plain, gzip or
 * zstd) to labelled examples. A missing dev or test part is split off by a hash of the id, and the counts say so.
 *
 * @param path folder; must lie in an allowed root
 * @param textColumn column or field of the text
 * @param labelColumn column or field of the label
 * @param labels raw label to class name, e.g. {@code 0 → negative}; empty = labels as they are
 */
public record IngestLabelledSpec(String path, String textColumn, String labelColumn, SortedMap<String, String> labels) {

    public static final IngestLabelledSpec DEFAULTS =
            new IngestLabelledSpec("sentiment", "text", "label", new TreeMap<>());

    public IngestLabelledSpec {
        Checks.notBlank("path", path);
        Checks.notBlank("textColumn", textColumn);
        Checks.notBlank("labelColumn", labelColumn);
        Checks.present("labels", labels);
        labels = new TreeMap<>(labels);
    }
}
