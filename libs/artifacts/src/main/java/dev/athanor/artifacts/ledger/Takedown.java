package dev.athanor.artifacts.ledger;

import com.github.luben.zstd.ZstdInputStream;
import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.error.Violation;
import dev.athanor.contracts.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Answers where a document went: the corpora and shards that hold it, and every artifact that was made from those, directly
 * or through others. A corpus made from a corpus drops documents, so what follows may not hold it any more; none that does is
 * left out.
 */
public final class Takedown {

    private final ArtifactStore store;

    public Takedown(ArtifactStore store) {
        this.store = store;
    }

    /**
     * What to look for: at least one is given; entries that match any of them are found.
     *
     * @param passage words of the document, at least {@value Passage#LEAST} letters of them: looked for in the texts of all
     *     corpora and labelled sets, whatever was done to the rest of the document; case and white space do not count
     */
    public record Query(
            @Nullable String url,
            @Nullable String id,
            @Nullable String textSha256,
            @Nullable String passage) {

        public Query {
            if (isBlank(url) && isBlank(id) && isBlank(textSha256) && isBlank(passage)) {
                throw AthanorException.invalid(
                        ErrorCode.INVALID_REQUEST,
                        new Violation("url", null, "at least one of url, id and textSha256, or a passage"));
            }
            if (passage != null && !passage.isBlank() && Passage.normal(passage).length() < Passage.LEAST) {
                throw AthanorException.invalid(
                        ErrorCode.INVALID_REQUEST,
                        new Violation("passage", passage, "a passage of at least " + Passage.LEAST + " letters"));
            }
        }

        private static boolean isBlank(@Nullable String value) {
            return value == null || value.isBlank();
        }

        /** A URL also finds the records and entries below it ({@code url#row=5}, {@code url!/file}). */
        boolean matches(LedgerEntry entry) {
            return entry.id().equals(id)
                    || entry.textSha256().equals(textSha256)
                    || url != null
                            && !url.isBlank()
                            && (entry.uri().equals(url)
                                    || entry.uri().startsWith(url + "#")
                                    || entry.uri().startsWith(url + "!/"));
        }
    }

    /** @param files shards that are known to hold the document; empty for what was made from those */
    public record Reached(ArtifactId artifact, ArtifactKind kind, Set<String> files) {}

    /**
     * @param entries ledger lines of the document, by corpus
     * @param reached the corpora and sets that are known to hold it, then all that was made from them, in order of id
     */
    public record Report(Map<String, List<LedgerEntry>> entries, List<Reached> reached) {}

    public Report find(Query query) throws IOException {
        Map<ArtifactId, Manifest> all = new LinkedHashMap<>();
        for (ArtifactId id : store.artifacts()) {
            all.put(id, store.manifest(id));
        }
        Map<String, List<LedgerEntry>> entries = new TreeMap<>();
        List<Reached> reached = new ArrayList<>();
        Set<ArtifactId> tainted = new HashSet<>();
        Passage passage = Query.isBlank(query.passage()) ? null : new Passage(String.valueOf(query.passage()));
        for (var artifact : all.entrySet()) {
            Passage.Hits hits =
                    passage == null ? Passage.Hits.NONE : passage.in(store, artifact.getKey(), artifact.getValue());
            List<LedgerEntry> found = entries(artifact.getValue(), query, hits.ids());
            if (!found.isEmpty() || !hits.files().isEmpty()) {
                if (!found.isEmpty()) {
                    entries.put(artifact.getKey().value(), found);
                }
                tainted.add(artifact.getKey());
                var shards = new TreeSet<>(hits.files());
                found.forEach(entry -> shards.add(entry.shard()));
                reached.add(new Reached(artifact.getKey(), artifact.getValue().kind(), shards));
            }
        }
        boolean grew = !tainted.isEmpty();
        while (grew) {
            grew = false;
            for (var artifact : all.entrySet()) {
                boolean made = artifact.getValue().madeOf().stream().anyMatch(tainted::contains);
                if (made && tainted.add(artifact.getKey())) {
                    reached.add(
                            new Reached(artifact.getKey(), artifact.getValue().kind(), Set.of()));
                    grew = true;
                }
            }
        }
        return new Report(entries, reached);
    }

    private List<LedgerEntry> entries(Manifest manifest, Query query, Set<String> ids) throws IOException {
        List<LedgerEntry> found = new ArrayList<>();
        if (manifest.filesUnder(LedgerEntry.FILE).isEmpty()) {
            return found;
        }
        try (var lines = new BufferedReader(new InputStreamReader(
                new ZstdInputStream(store.open(manifest.file(LedgerEntry.FILE))), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                LedgerEntry entry = Json.MAPPER.readValue(line, LedgerEntry.class);
                if (query.matches(entry) || ids.contains(entry.id())) {
                    found.add(entry);
                }
            }
        }
        return found;
    }
}
