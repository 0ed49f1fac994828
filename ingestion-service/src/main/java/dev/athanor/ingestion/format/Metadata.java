package dev.athanor.ingestion.format;

import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Collects metadata, leaving out what is empty and cutting off what is very long. */
final class Metadata {

    private static final int MAX_VALUE = 1000;

    private final SortedMap<String, String> values = new TreeMap<>();

    Metadata put(String key, @Nullable String value) {
        String clean = value == null ? "" : value.strip();
        if (!clean.isEmpty()) {
            values.put(key, clean.substring(0, Math.min(clean.length(), MAX_VALUE)));
        }
        return this;
    }

    SortedMap<String, String> values() {
        return values;
    }
}
