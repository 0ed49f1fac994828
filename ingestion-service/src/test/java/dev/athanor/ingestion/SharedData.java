package dev.athanor.ingestion;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;

/** Real data sets that lie beside a checkout; tests on them are skipped where they are absent. */
public final class SharedData {

    private SharedData() {}

    public static Path folder(String set) {
        Path data = root().resolve("data").resolve(set);
        assumeThat(data)
                .as("real data set beside the checkout (or ATHANOR_SHARED)")
                .isDirectory();
        return data;
    }

    private static Path root() {
        String set = System.getProperty("ATHANOR_SHARED", System.getenv("ATHANOR_SHARED"));
        if (set != null) {
            return Path.of(set);
        }
        for (Path p = Path.of("").toAbsolutePath(); p != null; p = p.getParent()) {
            if (Files.isDirectory(p.resolve("shared/data"))) {
                return p.resolve("shared");
            }
        }
        return Path.of("shared");
    }
}
