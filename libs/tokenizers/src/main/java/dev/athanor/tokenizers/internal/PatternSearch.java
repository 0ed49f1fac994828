package dev.athanor.tokenizers.internal;

import dev.athanor.tokenizers.TextPattern.Match;
import dev.athanor.tokenizers.UnencodableTextException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds an expression in a text within bounds: the expression comes out of a file, and one that backtracks can take longer than the
 * world lasts. The steps are counted by the characters that the matcher reads. A matcher that needs a deep stack is given one.
 */
public final class PatternSearch {

    /** Characters read for each of the text, before the search is given up; published expressions read fewer than ten. */
    private static final long READS_PER_CHARACTER = 1_000;

    private static final long READS_AT_LEAST = 50_000_000;
    private static final String FIELD = "pattern.Regex";
    private static final long DEEP_STACK = 1L << 29;

    private PatternSearch() {}

    /**
     * @param name the expression as its file has it, for errors
     * @return ranges of code points
     */
    public static List<Match> find(Pattern pattern, String name, String text) {
        try {
            return search(pattern, name, text);
        } catch (StackOverflowError shallow) {
            return searchDeeply(pattern, name, text);
        }
    }

    private static List<Match> searchDeeply(Pattern pattern, String name, String text) {
        CompletableFuture<List<Match>> result = new CompletableFuture<>();
        Runnable task = () -> {
            try {
                result.complete(search(pattern, name, text));
            } catch (StackOverflowError tooDeep) {
                result.completeExceptionally(new UnencodableTextException(
                        FIELD, name, "an expression that nests less deeply" + on(text), tooDeep));
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        };
        new Thread(null, task, "pattern-search", DEEP_STACK).start();
        try {
            return result.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private static List<Match> search(Pattern pattern, String name, String s) {
        Matcher matcher = pattern.matcher(new Bounded(s, name));
        List<Match> matches = new ArrayList<>();
        int unit = 0;
        int index = 0;
        int lastEnd = -1;
        while (matcher.find()) {
            boolean empty = matcher.end() == matcher.start();
            if (empty && (matcher.start() == lastEnd || isInsidePair(s, matcher.start()))) {
                continue;
            }
            lastEnd = matcher.end();
            int from = index + s.codePointCount(unit, matcher.start());
            int to = from + s.codePointCount(matcher.start(), matcher.end());
            matches.add(new Match(from, to));
            unit = matcher.end();
            index = to;
        }
        return matches;
    }

    private static boolean isInsidePair(String s, int at) {
        return at > 0 && at < s.length() && Character.isSurrogatePair(s.charAt(at - 1), s.charAt(at));
    }

    private static String on(String text) {
        return " on a text of " + text.length() + " characters";
    }

    /** A text that may be read so many times and no more. */
    private static final class Bounded implements CharSequence {

        private final String text;
        private final String name;
        private long left;

        Bounded(String text, String name) {
            this.text = text;
            this.name = name;
            left = Math.max(READS_AT_LEAST, READS_PER_CHARACTER * text.length());
        }

        @Override
        public char charAt(int index) {
            if (--left < 0) {
                throw new UnencodableTextException(
                        FIELD,
                        name,
                        "an expression that takes at most " + READS_PER_CHARACTER + " steps a character" + on(text));
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
