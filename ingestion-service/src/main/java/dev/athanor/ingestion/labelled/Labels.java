package dev.athanor.ingestion.labelled;

import dev.athanor.contracts.spec.IngestLabelledSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Raw labels to class names: by the specification, else by the set's own mapping file, else as they are. */
record Labels(Map<String, String> names) {

    static Labels of(IngestLabelledSpec spec, @Nullable Path mapping) throws IOException {
        if (!spec.labels().isEmpty() || mapping == null) {
            return new Labels(spec.labels());
        }
        var names = new TreeMap<String, String>();
        for (String line : Files.readAllLines(mapping, StandardCharsets.UTF_8)) {
            String[] pair = line.strip().split("\\s+", 2);
            if (pair.length == 2) {
                names.put(pair[0], pair[1].strip());
            }
        }
        return new Labels(names);
    }

    /** The class, or null where a mapping is given that does not have this label. */
    @Nullable
    String of(String raw) {
        return names.isEmpty() ? raw : names.get(raw);
    }
}
