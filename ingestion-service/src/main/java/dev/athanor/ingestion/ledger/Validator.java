package dev.athanor.ingestion.ledger;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A line of {@code validators.jsonl.zst}: by what a server can tell that what a URL gave has not changed since (RFC 9110,
 * section 8.8).
 */
public record Validator(
        String source,
        String url,
        @Nullable String etag,
        @Nullable String lastModified) {

    /** Name of the file in a corpus. */
    public static final String FILE = "validators.jsonl.zst";

    /** Headers of a request that is answered with 304 where nothing has changed. */
    public Map<String, String> conditions() {
        var headers = new TreeMap<String, String>();
        if (etag != null) {
            headers.put("If-None-Match", etag);
        }
        if (lastModified != null) {
            headers.put("If-Modified-Since", lastModified);
        }
        return headers;
    }
}
