package dev.athanor.tokenizer.encoding;

import dev.athanor.contracts.json.Json;
import dev.athanor.tokenizers.IntList;
import dev.athanor.tokenizers.Tokenizer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * Counts what a shard's texts have out of the vocabulary. All tokens are counted; what they stood for is looked up in the first texts
 * that have any, because that takes the slow path.
 */
final class OovCounts {

    private static final int LOOKED_UP = 500;
    private static final int LONGEST_LOOKED_UP = 100_000;
    private static final int REPORTED = 200;

    private final UnknownText unknownText;
    private final Map<String, Long> stretches = new HashMap<>();
    private long tokens;
    private long unknown;
    private long bytes;
    private long texts;
    private long lookedUp;

    OovCounts(Tokenizer tokenizer) {
        unknownText = new UnknownText(tokenizer);
    }

    void add(String text, IntList ids) {
        tokens += ids.size();
        if (!unknownText.isPossible()) {
            return;
        }
        int[] array = ids.toArray();
        int unknownHere = unknownText.unknown(array);
        int bytesHere = unknownText.bytes(array);
        if (unknownHere + bytesHere == 0) {
            return;
        }
        unknown += unknownHere;
        bytes += bytesHere;
        texts++;
        if (lookedUp < LOOKED_UP) {
            lookedUp++;
            String part = text.length() > LONGEST_LOOKED_UP ? text.substring(0, LONGEST_LOOKED_UP) : text;
            unknownText.stretches(part).forEach(s -> stretches.merge(s, 1L, Long::sum));
        }
    }

    SortedMap<String, Long> counts() {
        return new TreeMap<>(
                Map.of("oov.tokens", tokens, "oov.unknown", unknown, "oov.bytes", bytes, "oov.texts", texts));
    }

    /** The most frequent stretches with their counts, as JSON. */
    JsonNode mostFrequent() {
        return Json.tree(mostFrequent(stretches));
    }

    static Map<String, Long> mostFrequent(Map<String, Long> counts) {
        Map<String, Long> most = new LinkedHashMap<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(REPORTED)
                .forEach(e -> most.put(e.getKey(), e.getValue()));
        return most;
    }
}
