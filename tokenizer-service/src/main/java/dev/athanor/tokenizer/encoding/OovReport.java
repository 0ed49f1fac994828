package dev.athanor.tokenizer.encoding;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import tools.jackson.databind.JsonNode;

/**
 * What of a corpus is out of the vocabulary.
 *
 * @param unknownTokens of all tokens are the unknown token
 * @param byteTokens of all tokens spell single bytes of characters that are no tokens
 * @param textsWithUnknown documents (or sentences) that have any of these
 * @param mostFrequent what they stood for, from a sample of the texts of each shard
 */
record OovReport(
        long tokens,
        long unknownTokens,
        long byteTokens,
        double unknownRate,
        long textsWithUnknown,
        List<Stretch> mostFrequent) {

    record Stretch(String text, long count) {}

    private static final int LISTED = 50;

    /** @param samples of each task, stretch to count */
    static OovReport of(SortedMap<String, Long> counts, List<JsonNode> samples) {
        Map<String, Long> sums = new HashMap<>();
        for (JsonNode sample : samples) {
            sample.properties().forEach(e -> sums.merge(e.getKey(), e.getValue().asLong(), Long::sum));
        }
        List<Stretch> most = new ArrayList<>();
        OovCounts.mostFrequent(sums).forEach((text, count) -> most.add(new Stretch(text, count)));
        long tokens = counts.getOrDefault("oov.tokens", 0L);
        long unknown = counts.getOrDefault("oov.unknown", 0L);
        return new OovReport(
                tokens,
                unknown,
                counts.getOrDefault("oov.bytes", 0L),
                tokens == 0 ? 0 : (double) unknown / tokens,
                counts.getOrDefault("oov.texts", 0L),
                most);
    }

    String markdown() {
        List<String> lines = new ArrayList<>();
        lines.add("# Out of the vocabulary");
        lines.add("");
        lines.add(String.format(
                Locale.ROOT,
                "Of %d tokens %d (%.4f%%) are unknown and %d are single bytes, in %d texts.",
                tokens,
                unknownTokens,
                100 * unknownRate,
                byteTokens,
                textsWithUnknown));
        if (!mostFrequent.isEmpty()) {
            lines.add("");
            lines.add("| text | code points | times in the sample |");
            lines.add("|---|---|---:|");
            mostFrequent.stream()
                    .limit(LISTED)
                    .forEach(s -> lines.add(String.format(
                            Locale.ROOT, "| %s | %s | %d |", shown(s.text()), codePoints(s.text()), s.count())));
        }
        return String.join("\n", lines) + "\n";
    }

    /** Fit for a cell of a table. */
    private static String shown(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints()
                .limit(40)
                .forEach(c -> out.appendCodePoint(
                        c == '|' || c == '`' || c == '<' || Character.isISOControl(c) || Character.isWhitespace(c)
                                ? ' '
                                : c));
        return out.toString();
    }

    private static String codePoints(String text) {
        List<String> points = new ArrayList<>();
        text.codePoints().limit(8).forEach(c -> points.add(String.format(Locale.ROOT, "U+%04X", c)));
        return String.join(" ", points);
    }
}
