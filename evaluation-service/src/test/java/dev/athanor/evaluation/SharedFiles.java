package dev.athanor.evaluation;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** Real data and reference outputs that lie outside the project, in a {@code shared} folder beside it; tests skip without. */
public final class SharedFiles {

    private SharedFiles() {}

    public static Path require(String name) {
        Optional<Path> found = root().map(r -> r.resolve(name)).filter(Files::exists);
        Assumptions.assumeTrue(found.isPresent(), "no shared/" + name + " beside the project");
        return found.orElseThrow();
    }

    private static Optional<Path> root() {
        String set = System.getProperty("ATHANOR_SHARED", System.getenv("ATHANOR_SHARED"));
        if (set != null) {
            return Optional.of(Path.of(set));
        }
        for (Path p = Path.of("").toAbsolutePath(); p != null; p = p.getParent()) {
            if (Files.isDirectory(p.resolve("shared/golden"))) {
                return Optional.of(p.resolve("shared"));
            }
        }
        return Optional.empty();
    }
}
