package dev.athanor.ingestion.documents;

import dev.athanor.artifacts.Scratch;
import dev.athanor.contracts.json.Json;
import dev.athanor.ingestion.content.BadContentException;
import dev.athanor.ingestion.http.Fetched;
import dev.athanor.ingestion.http.HttpStatusException;
import dev.athanor.ingestion.http.Web;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Fetches through the scratch space of a task: what one attempt fetched, the next one does not fetch again, and so both give
 * the same bytes.
 */
final class Fetches {

    private final Web web;
    private final Scratch scratch;
    private final Path folder;

    Fetches(Web web, Scratch scratch, Path folder) {
        this.web = web;
        this.scratch = scratch;
        this.folder = folder;
    }

    /** All of a {@link Fetched} but its file; or an error status that no further try would change, with what was said. */
    private record Kept(
            String url,
            int status,
            SortedMap<String, String> headers,
            String fetchedAt,
            @Nullable String refusal) {}

    Fetched get(String url, Map<String, String> headers) throws IOException, InterruptedException {
        // Headers may hold a token: only its hash would be seen, and only the Range changes what is fetched.
        String key = Json.sha256Hex((url + "\n" + headers.getOrDefault("Range", "")).getBytes(StandardCharsets.UTF_8));
        String body = key + ".body";
        String head = key + ".head";
        if (scratch.list(key).contains(head)) {
            return kept(body, head);
        }
        Fetched fetched;
        try {
            fetched = web.get(url, headers, folder);
        } catch (HttpStatusException e) {
            if (e.status() < 500 && e.status() != 429 && e.status() != 408) {
                var kept = new Kept(url, e.status(), new TreeMap<>(), "", String.valueOf(e.said()));
                scratch.put(head, Files.write(folder.resolve(head), Json.MAPPER.writeValueAsBytes(kept)));
            }
            throw e;
        }
        var kept = new Kept(
                fetched.url().toString(),
                fetched.status(),
                new TreeMap<>(fetched.headers()),
                fetched.fetchedAt(),
                null);
        Path headFile = folder.resolve(head);
        Files.write(headFile, Json.MAPPER.writeValueAsBytes(kept));
        scratch.put(body, Files.copy(fetched.file(), folder.resolve(body)));
        // The head last: where it is, the body is whole.
        scratch.put(head, headFile);
        return fetched;
    }

    private Fetched kept(String body, String head) throws IOException {
        Path bodyFile = Files.createTempDirectory(folder, "kept-").resolve("body");
        Path headFile = bodyFile.resolveSibling("head");
        scratch.get(head, headFile);
        Kept kept = Json.MAPPER.readValue(Files.readAllBytes(headFile), Kept.class);
        if (kept.refusal() != null) {
            throw new HttpStatusException(kept.status(), kept.refusal());
        }
        scratch.get(body, bodyFile);
        try {
            return new Fetched(
                    URI.create(kept.url()), kept.status(), new TreeMap<>(kept.headers()), bodyFile, kept.fetchedAt());
        } catch (IllegalArgumentException e) {
            throw BadContentException.of(e);
        }
    }
}
