package dev.athanor.ingestion.ledger;

import com.github.luben.zstd.ZstdInputStream;
import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.artifacts.ledger.LedgerEntry;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The documents of one source that earlier corpora have, by (URI, text): about 100 bytes of memory each; and the validators of
 * what was fetched for them.
 */
public final class Known {

    private static final int MAX_CORPORA = 10_000;

    private final Set<String> keys = new HashSet<>();
    private final Map<String, Validator> validators = new HashMap<>();

    /** @param corpus the latest one, or null for none; those that it names as its previous ones are read as well */
    public static Known of(ArtifactStore store, @Nullable ArtifactId corpus, String source) throws IOException {
        var known = new Known();
        ArtifactId next = corpus;
        for (int i = 0; next != null && i < MAX_CORPORA; i++) {
            Manifest manifest = store.manifest(next);
            known.add(store, manifest, source);
            known.addValidators(store, manifest, source);
            JsonNode previous = manifest.spec().path("previous");
            next = previous.isString() ? new ArtifactId(previous.stringValue()) : null;
        }
        return known;
    }

    public boolean has(String uri, String textSha256) {
        return !keys.isEmpty() && keys.contains(key(uri, textSha256));
    }

    /** How to ask whether a URL still gives what it gave last, or null where that is not known. */
    public @Nullable Validator validator(String url) {
        return validators.get(url);
    }

    /** Later corpora are read first, so that theirs stay. */
    private void addValidators(ArtifactStore store, Manifest corpus, String source) throws IOException {
        for (String line : lines(store, corpus, Validator.FILE)) {
            Validator validator = Json.MAPPER.readValue(line, Validator.class);
            if (validator.source().equals(source)) {
                validators.putIfAbsent(validator.url(), validator);
            }
        }
    }

    private static List<String> lines(ArtifactStore store, Manifest corpus, String name) throws IOException {
        if (corpus.filesUnder(name).isEmpty()) {
            return List.of();
        }
        try (var lines = new BufferedReader(
                new InputStreamReader(new ZstdInputStream(store.open(corpus.file(name))), StandardCharsets.UTF_8))) {
            return lines.readAllLines();
        }
    }

    private void add(ArtifactStore store, Manifest corpus, String source) throws IOException {
        if (corpus.filesUnder(LedgerEntry.FILE).isEmpty()) {
            return;
        }
        try (var lines = new BufferedReader(new InputStreamReader(
                new ZstdInputStream(store.open(corpus.file(LedgerEntry.FILE))), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                LedgerEntry entry = Json.MAPPER.readValue(line, LedgerEntry.class);
                if (entry.source().equals(source)) {
                    keys.add(key(entry.uri(), entry.textSha256()));
                }
            }
        }
    }

    private static String key(String uri, String textSha256) {
        return Json.sha256Hex((uri + "\n" + textSha256).getBytes(StandardCharsets.UTF_8))
                .substring(0, 32);
    }
}
