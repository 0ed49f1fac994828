package dev.athanor.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Real data that some figures are measured on: {@code ATHANOR_SHARED}, or a folder {@code shared} beside the project. */
public final class Shared {

    private Shared() {}

    /** The folder, or null where there is none. */
    public static @Nullable Path folder() {
        String named = System.getProperty("ATHANOR_SHARED", System.getenv("ATHANOR_SHARED"));
        if (named != null) {
            return Path.of(named);
        }
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve("shared/data"))) {
                return at.resolve("shared");
            }
        }
        return null;
    }

    /** A file below the folder, or null where it is absent. */
    public static @Nullable Path file(String relative) {
        Path folder = folder();
        return folder == null || !Files.exists(folder.resolve(relative)) ? null : folder.resolve(relative);
    }
}
