package dev.athanor.benchmarks.data;

import com.github.luben.zstd.ZstdInputStream;
import dev.athanor.benchmarks.Shared;
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

/** Real texts from the folder {@code shared/} beside the checkout (or {@code ATHANOR_SHARED}), where there is one. */
final class SharedText {

    private SharedText() {}

    /** The field {@code text} of each row; empty where the file is absent. */
    static List<String> texts(String jsonLines) throws IOException {
        return rows(jsonLines).stream().map(row -> row.get("text").asString()).toList();
    }

    static List<JsonNode> rows(String jsonLines) throws IOException {
        Path file = file(jsonLines);
        var rows = new ArrayList<JsonNode>();
        if (file == null) {
            return rows;
        }
        try (var lines = new BufferedReader(
                new InputStreamReader(new ZstdInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                rows.add(Json.MAPPER.readTree(line));
            }
        }
        return rows;
    }

    /** Null where the file is absent. */
    static @Nullable Path file(String relative) {
        return Shared.file(relative);
    }

    static long bytes(List<String> texts) {
        return texts.stream()
                .mapToLong(text -> text.getBytes(StandardCharsets.UTF_8).length)
                .sum();
    }
}
