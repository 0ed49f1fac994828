package dev.athanor.preprocessing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.luben.zstd.ZstdInputStream;
import dev.athanor.contracts.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Real data and reference outputs beside the checkout; tests that need them are skipped where they are absent. */
public final class Shared {

    private Shared() {}

    /** The file or folder, or the test is skipped. */
    public static Path path(String relative) {
        Path root = root();
        assumeTrue(root != null, "no shared/ folder beside the checkout and no ATHANOR_SHARED");
        Path path = root.resolve(relative);
        assumeTrue(Files.exists(path), path + " is absent");
        return path;
    }

    public static List<JsonNode> jsonLines(String relative) throws IOException {
        var rows = new ArrayList<JsonNode>();
        try (var lines = new BufferedReader(new InputStreamReader(
                new ZstdInputStream(Files.newInputStream(path(relative))), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                rows.add(Json.MAPPER.readTree(line));
            }
        }
        return rows;
    }

    private static @Nullable Path root() {
        String given = System.getProperty("ATHANOR_SHARED", System.getenv("ATHANOR_SHARED"));
        if (given != null) {
            return Path.of(given);
        }
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve("shared").resolve("golden"))) {
                return at.resolve("shared");
            }
        }
        return null;
    }
}
