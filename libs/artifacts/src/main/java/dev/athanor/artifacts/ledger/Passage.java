package dev.athanor.artifacts.ledger;

import com.github.luben.zstd.ZstdInputStream;
import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Words to be found in texts, where a document may have been cut, cleaned or merged on its way and has neither its address
 * nor its hash any more. There is no index: all texts of the store are read and brought into one form, one after the other.
 */
final class Passage {

    /** Fewer letters are in too many texts. */
    static final int LEAST = 20;

    private static final Set<ArtifactKind> WITH_TEXTS =
            Set.of(ArtifactKind.RAW_DOCUMENTS, ArtifactKind.CLEAN_DOCUMENTS, ArtifactKind.LABELLED_EXAMPLES);

    private final String normal;

    Passage(String passage) {
        this.normal = normal(passage);
    }

    /** @param ids of the documents, as far as they have one */
    record Hits(Set<String> files, Set<String> ids) {
        static final Hits NONE = new Hits(Set.of(), Set.of());
    }

    /** In one form whatever was done to case, white space and punctuation: its letters and digits with single blanks. */
    static String normal(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", " ").strip();
    }

    Hits in(ArtifactStore store, ArtifactId id, Manifest manifest) throws IOException {
        if (!WITH_TEXTS.contains(manifest.kind())) {
            return Hits.NONE;
        }
        var files = new TreeSet<String>();
        var ids = new HashSet<String>();
        for (ArtifactFile file : manifest.files()) {
            if (!file.name().endsWith(".jsonl.zst") || !file.name().contains("/")) {
                continue; // ledgers and lists of dead letters hold no texts
            }
            try (var lines = new BufferedReader(
                    new InputStreamReader(new ZstdInputStream(store.open(file.blob())), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    JsonNode record = Json.MAPPER.readTree(line);
                    if (normal(record.path("text").asString("")).contains(normal)) {
                        files.add(file.name());
                        ids.add(record.path("id").asString(""));
                    }
                }
            } catch (JacksonException e) {
                throw new IOException(id + " " + file.name() + ": " + e.getOriginalMessage(), e);
            }
        }
        return new Hits(files, ids);
    }
}
