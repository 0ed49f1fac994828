package dev.athanor.ingestion.source;

import dev.athanor.contracts.error.Checks;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One thing of a source that is read by itself: a file, a URL, a byte range, a page of a listing.
 *
 * @param uri unique within the source
 * @param size bytes where known, else 0; only for cutting tasks of about equal size
 * @param facts what the connector needs to read it
 */
public record Item(String uri, long size, SortedMap<String, String> facts) {

    public Item {
        Checks.notBlank("uri", uri);
        facts = new TreeMap<>(facts);
    }

    public static Item of(String uri) {
        return new Item(uri, 0, new TreeMap<>());
    }

    public static Item of(String uri, long size) {
        return new Item(uri, size, new TreeMap<>());
    }

    public static Item of(String uri, Map<String, String> facts) {
        return new Item(uri, 0, new TreeMap<>(facts));
    }

    /** The fact, or an empty text. */
    public String fact(String name) {
        return facts.getOrDefault(name, "");
    }
}
