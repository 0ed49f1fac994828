package dev.athanor.ingestion.labelled;

import dev.athanor.contracts.document.LabelledExample;
import dev.athanor.contracts.document.Split;
import dev.athanor.contracts.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;

/** The examples of a set by split. A text seen in one split is not taken into another. */
final class Examples {

    private final Splitting splitting;
    private final SortedMap<String, Long> counts;
    private final Map<Split, List<LabelledExample>> bySplit = new EnumMap<>(Split.class);
    private final Map<String, Split> seen = new HashMap<>();
    private final Map<String, Integer> repeats = new HashMap<>();

    Examples(Splitting splitting, SortedMap<String, Long> counts) {
        this.splitting = splitting;
        this.counts = counts;
    }

    void add(Split read, String text, String label) {
        String hash = Json.sha256Hex(normalized(text).getBytes(StandardCharsets.UTF_8));
        Split split = splitting.of(read, Long.parseUnsignedLong(hash.substring(0, 16), 16));
        Split first = seen.putIfAbsent(hash, split);
        if (first != null && first != split) {
            IngestLabelledStage.count(counts, "examples.dropped.in-" + first.slug() + "-already");
            return;
        }
        int repeat = repeats.merge(hash, 1, Integer::sum);
        String id = hash.substring(0, 32) + (repeat == 1 ? "" : "-" + repeat);
        bySplit.computeIfAbsent(split, s -> new ArrayList<>()).add(new LabelledExample(id, text, label, split));
        IngestLabelledStage.count(counts, "examples");
        IngestLabelledStage.count(counts, "examples." + split.slug());
        IngestLabelledStage.count(counts, "examples." + split.slug() + "." + label);
    }

    List<LabelledExample> of(Split split) {
        return bySplit.getOrDefault(split, List.of());
    }

    long size(Split split) {
        return of(split).size();
    }

    long size() {
        return bySplit.values().stream().mapToLong(List::size).sum();
    }

    /** Texts that differ only in case and white space count as the same. */
    private static String normalized(String text) {
        return text.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
    }
}
