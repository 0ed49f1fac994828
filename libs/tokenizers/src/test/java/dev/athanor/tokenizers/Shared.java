package dev.athanor.tokenizers;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reference data outside of the project; a test that needs it is skipped where it is absent. */
public final class Shared {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Shared() {}

    /** A file of the shared folder; the test is skipped if it is not there. */
    public static Path file(String name) {
        Path root = root();
        Assumptions.assumeTrue(
                root != null && Files.exists(root.resolve(name)),
                "skipped: no shared/" + name + " (set ATHANOR_SHARED to the folder that holds it)");
        return root.resolve(name);
    }

    private static @Nullable Path root() {
        String named = System.getProperty("ATHANOR_SHARED", System.getenv("ATHANOR_SHARED"));
        if (named != null) {
            return Path.of(named);
        }
        for (Path p = Path.of("").toAbsolutePath(); p != null; p = p.getParent()) {
            if (Files.isDirectory(p.resolve("shared"))) {
                return p.resolve("shared");
            }
        }
        return null;
    }

    public static InputStream open(String name) {
        try {
            InputStream in = Files.newInputStream(file(name));
            return name.endsWith(".zst") ? new ZstdInputStream(in) : in;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static byte[] bytes(String name) {
        try (InputStream in = open(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String text(String name) {
        return new String(bytes(name), StandardCharsets.UTF_8);
    }

    public static JsonNode json(String name) {
        return MAPPER.readTree(text(name));
    }

    public static List<JsonNode> jsonLines(String name) {
        List<JsonNode> nodes = new ArrayList<>();
        text(name).lines().forEach(line -> nodes.add(MAPPER.readTree(line)));
        return nodes;
    }

    public static int[] ints(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).intValue();
        }
        return values;
    }

    /** The tokenizer of shared/data/tokenizers with this name. */
    public static Tokenizer tokenizer(String name) {
        return Tokenizer.fromJson(text("data/tokenizers/" + name + ".tokenizer.json.zst"));
    }

    /** A text of JSON, as it is. */
    public static JsonNode tree(String json) {
        return MAPPER.readTree(json);
    }
}
