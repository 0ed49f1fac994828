package dev.athanor.preprocessing.filter;

import dev.athanor.contracts.error.Checks;
import dev.athanor.preprocessing.words.TermFinder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Drops documents in which words of a list are too many: of the list that is built in, of the user's, or of both. */
public final class WordListFilter implements Filter {

    private final String name;
    private final Limits limits;
    private final TermFinder terms;

    /** @param name {@code toxicity} or {@code adult}: the built-in list, and the reason */
    public WordListFilter(String name, Limits limits) {
        this.name = name;
        this.limits = limits;
        var words = new ArrayList<>(limits.words);
        if (limits.builtIn) {
            words.addAll(list(name));
        }
        terms = new TermFinder(words, true);
    }

    /**
     * @param builtIn whether the small English list that comes with the filter counts
     * @param words further words and phrases, in any letter case
     * @param minHits fewer occurrences are let pass
     * @param maxShare of all words
     */
    public record Limits(boolean builtIn, List<String> words, int minHits, double maxShare) {

        private static final int MAX_WORDS = 100_000;

        public static final Limits DEFAULTS = new Limits(true, List.of(), 3, 0.005);

        public Limits {
            Checks.present("words", words);
            words = List.copyOf(words);
            Checks.that(words.size() <= MAX_WORDS, "words", words.size(), "at most " + MAX_WORDS + " words");
            for (int i = 0; i < words.size(); i++) {
                Checks.notBlank("words[" + i + "]", words.get(i));
            }
            Checks.range("minHits", minHits, 1, Integer.MAX_VALUE);
            Checks.range("maxShare", maxShare, 0, 1);
        }
    }

    @Override
    public Verdict test(Analysis document) {
        String text = document.text();
        long words = 0;
        long hits = 0;
        for (int i = 0; i < text.length(); ) {
            if (!TermFinder.begins(text, i)) {
                i++;
                continue;
            }
            words++;
            int end = terms.end(text, i);
            hits += end >= 0 ? 1 : 0;
            i = end >= 0 ? end : TermFinder.wordEnd(text, i);
        }
        return hits >= limits.minHits && hits > limits.maxShare * words ? Verdict.drop(name) : Verdict.KEEP;
    }

    private static List<String> list(String name) {
        String resource = name + ".txt";
        try (var lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(WordListFilter.class.getResourceAsStream(resource), resource),
                StandardCharsets.UTF_8))) {
            return lines.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
