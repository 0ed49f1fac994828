package dev.athanor.preprocessing.words;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Finds whole terms of one or more words in texts: a look into a table at each word, so linear in the text. */
public final class TermFinder {

    private static final int MAX_WORD = 64;

    private final boolean ignoreCase;
    /** First word to the terms that begin with it, longest first. */
    private final Map<String, List<String>> byFirstWord = new HashMap<>();

    public TermFinder(Collection<String> terms, boolean ignoreCase) {
        this.ignoreCase = ignoreCase;
        for (String term : terms) {
            byFirstWord
                    .computeIfAbsent(key(term.substring(0, wordEnd(term, 0))), w -> new ArrayList<>())
                    .add(term);
        }
        byFirstWord
                .values()
                .forEach(all -> all.sort(
                        Comparator.comparing(String::length).reversed().thenComparing(Comparator.naturalOrder())));
    }

    public boolean isEmpty() {
        return byFirstWord.isEmpty();
    }

    /** Whether a word begins at this index. */
    public static boolean begins(String text, int at) {
        return isWord(text.charAt(at)) && (at == 0 || !isWord(text.charAt(at - 1)));
    }

    /** End of the longest term that begins at this index, where a word begins; -1 for none. */
    public int end(String text, int at) {
        if (byFirstWord.isEmpty()) {
            return -1;
        }
        for (String term : byFirstWord.getOrDefault(key(text.substring(at, wordEnd(text, at))), List.of())) {
            int end = at + term.length();
            if (text.regionMatches(ignoreCase, at, term, 0, term.length())
                    && (end == text.length() || !isWord(text.charAt(end)) || !isWord(text.charAt(end - 1)))) {
                return end;
            }
        }
        return -1;
    }

    private String key(String word) {
        return ignoreCase ? word.toLowerCase(Locale.ROOT) : word;
    }

    /** Behind the letters and digits from here on, of which a bounded number is looked at; at least one character on. */
    public static int wordEnd(String text, int at) {
        int end = at;
        while (end < text.length() && end - at < MAX_WORD && isWord(text.charAt(end))) {
            end++;
        }
        return Math.max(end, Math.min(text.length(), at + 1));
    }

    static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) || Character.getType(c) == Character.NON_SPACING_MARK;
    }
}
