package dev.athanor.tokenizer.vocabulary;

import dev.athanor.tokenizers.training.WordCounts;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How often each character occurs, the most frequent first. */
record CharacterCounts(List<Long> descending, long total) {

    static CharacterCounts of(WordCounts words) {
        Map<Integer, Long> counts = new HashMap<>();
        words.forEachSorted((b, from, to, n) -> new String(b, from, to - from, StandardCharsets.UTF_8)
                .codePoints()
                .forEach(c -> counts.merge(c, n, Long::sum)));
        List<Long> descending =
                counts.values().stream().sorted(Comparator.reverseOrder()).toList();
        return new CharacterCounts(
                descending, descending.stream().mapToLong(Long::longValue).sum());
    }

    /** How many of the most frequent characters it takes to make up a share of the text. */
    int covering(double share) {
        long covered = 0;
        int characters = 0;
        while (characters < descending.size() && covered < share * total) {
            covered += descending.get(characters++);
        }
        return characters;
    }
}
