package dev.athanor.contracts.document;

import dev.athanor.contracts.error.Checks;
import dev.athanor.contracts.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One document with its provenance.
 *
 * @param id stable: derived from source, URI and text by {@link #idOf}
 * @param text decoded text; for {@code mediaType} text/html still the markup, until preprocessing extracts it
 * @param mediaType what {@code text} holds: {@code text/plain}, {@code text/html}, …
 * @param source name of the source in the job specification
 * @param uri where it was read: a URL, or a path relative to the source's root
 * @param licence declared licence (SPDX id where known), or null where none is declared
 * @param language detected language (BCP 47), or null before detection
 * @param fetchedAt ISO-8601 instant of an HTTP fetch, or null for local files (so that runs are reproducible)
 * @param metadata further facts: title, charset, author, …
 */
public record Document(
        String id,
        String text,
        String mediaType,
        String source,
        String uri,
        @Nullable String licence,
        @Nullable String language,
        @Nullable String fetchedAt,
        SortedMap<String, String> metadata) {

    public Document {
        Checks.notBlank("id", id);
        Checks.present("text", text);
        Checks.notBlank("mediaType", mediaType);
        Checks.notBlank("source", source);
        Checks.notBlank("uri", uri);
        metadata = new TreeMap<>(metadata);
    }

    /** The first 32 hex digits of SHA-256 over source, URI and text. */
    public static String idOf(String source, String uri, String text) {
        return Json.sha256Hex((source + "\u0000" + uri + "\u0000" + text).getBytes(StandardCharsets.UTF_8))
                .substring(0, 32);
    }

    public Document withText(String newText, String newMediaType) {
        return new Document(id, newText, newMediaType, source, uri, licence, language, fetchedAt, metadata);
    }

    public Document withLanguage(@Nullable String newLanguage) {
        return new Document(id, text, mediaType, source, uri, licence, newLanguage, fetchedAt, metadata);
    }

    public Document withMetadata(String key, String value) {
        var more = new TreeMap<>(metadata);
        more.put(key, value);
        return new Document(id, text, mediaType, source, uri, licence, language, fetchedAt, more);
    }
}
