package dev.athanor.tokenizers;

import dev.athanor.tokenizers.internal.OnigurumaSyntax;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What Split and Replace look for: a string, or a regular expression in the Oniguruma syntax of tokenizer.json files.
 *
 * @param text the string or the expression
 * @param regex whether it is an expression
 */
public record TextPattern(String text, boolean regex) {

    /** A range of code points. */
    public record Match(int from, int to) {}

    public TextPattern {
        if (regex) {
            compile(text);
        }
    }

    public static TextPattern string(String text) {
        return new TextPattern(text, false);
    }

    public static TextPattern regex(String expression) {
        return new TextPattern(expression, true);
    }

    /**
     * The matches from left to right, as ranges of code points of the text. There are empty ones where the expression matches nothing,
     * but not right behind another match.
     */
    public List<Match> find(AlignedText text) {
        String s = text.toString();
        Matcher matcher = (regex ? compile(this.text) : Pattern.compile(this.text, Pattern.LITERAL)).matcher(s);
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

    private static Pattern compile(String expression) {
        try {
            return Pattern.compile(
                    OnigurumaSyntax.toJava(expression),
                    Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNICODE_CASE | Pattern.MULTILINE | Pattern.UNIX_LINES);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "pattern.Regex: \"" + expression + "\" is not understood: " + e.getMessage(), e);
        }
    }
}
