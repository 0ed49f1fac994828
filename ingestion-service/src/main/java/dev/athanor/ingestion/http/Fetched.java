package dev.athanor.ingestion.http;

import dev.athanor.ingestion.content.Facts;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A successful answer.
 *
 * @param url where it came from, after redirects
 * @param status 200 to 299, or 304 with an empty body
 * @param headers names in lower case, the first value of each
 * @param file the body
 * @param fetchedAt ISO-8601 instant
 */
public record Fetched(URI url, int status, SortedMap<String, String> headers, Path file, String fetchedAt) {

    private static final Pattern CHARSET = Pattern.compile("charset\\s*=\\s*\"?([^\\s;\"]+)", Pattern.CASE_INSENSITIVE);

    public @Nullable String header(String name) {
        return headers.get(name);
    }

    public @Nullable String mediaType() {
        String type = headers.get("content-type");
        return type == null ? null : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    public @Nullable Charset charset() {
        return charset(headers.get("content-type"));
    }

    /** The {@code charset} parameter of a Content-Type, if there is one and this platform knows it. */
    public static @Nullable Charset charset(@Nullable String contentType) {
        if (contentType == null) {
            return null;
        }
        Matcher found = CHARSET.matcher(contentType);
        if (!found.find()) {
            return null;
        }
        try {
            return Charset.forName(found.group(1));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return null;
        }
    }

    /** Time of the fetch, and what the headers say about being used. */
    public SortedMap<String, String> facts() {
        var facts = new TreeMap<String, String>();
        facts.put(Facts.FETCHED_AT, fetchedAt);
        String robots = headers.get("x-robots-tag");
        if (robots != null) {
            facts.put(Facts.ROBOTS, robots.toLowerCase(Locale.ROOT));
        }
        String reservation = headers.get("tdm-reservation");
        if (reservation != null) {
            facts.put(Facts.TDM_RESERVATION, reservation);
        }
        return facts;
    }

    /** Last part of the path, which may have a telling extension. */
    public String name() {
        String path = url.getPath();
        return path == null ? "" : path.substring(path.lastIndexOf('/') + 1);
    }
}
