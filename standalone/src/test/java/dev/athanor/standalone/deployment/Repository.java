package dev.athanor.standalone.deployment;

import java.nio.file.Files;
import java.nio.file.Path;

/** The checkout that the tests run in. */
final class Repository {

    private Repository() {}

    static Path root() {
        Path at = Path.of("").toAbsolutePath();
        while (at != null && !Files.exists(at.resolve("docker-compose.yml"))) {
            at = at.getParent();
        }
        if (at == null) {
            throw new IllegalStateException(
                    "not run inside the checkout: " + Path.of("").toAbsolutePath());
        }
        return at;
    }
}
