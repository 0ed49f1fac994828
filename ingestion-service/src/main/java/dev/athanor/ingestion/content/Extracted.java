package dev.athanor.ingestion.content;

import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A text as a format found it, before the provenance of its source is added.
 *
 * @param uri of the file, with {@code !/entry} for archive entries and {@code #part} for records
 * @param mediaType what {@code text} holds: {@code text/plain}, {@code text/html}, {@code text/markdown}, …
 * @param licence licence that the content itself declares, or null
 * @param language language that the content itself declares (BCP 47), or null
 * @param metadata title, author, charset, …
 */
public record Extracted(
        String uri,
        String text,
        String mediaType,
        @Nullable String licence,
        @Nullable String language,
        SortedMap<String, String> metadata) {

    public Extracted {
        metadata = new TreeMap<>(metadata);
    }

    /** With facts about where it is from; what the content says itself takes precedence. */
    public Extracted withFacts(SortedMap<String, String> facts) {
        if (facts.isEmpty()) {
            return this;
        }
        var all = new TreeMap<>(facts);
        all.putAll(metadata);
        // Directives in header and page add up: either may say no.
        String robots = facts.get(Facts.ROBOTS);
        if (robots != null && metadata.containsKey(Facts.ROBOTS)) {
            all.put(Facts.ROBOTS, robots + ", " + metadata.get(Facts.ROBOTS));
        }
        return new Extracted(uri, text, mediaType, licence, language, all);
    }
}
