package dev.athanor.tokenizers;

import dev.athanor.tokenizers.internal.OnigurumaSyntax;
import dev.athanor.tokenizers.internal.PatternSearch;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** What Split and Replace look for: a string, or a regular expression in the Oniguruma syntax of tokenizer.json files. */
public final class TextPattern {

    /** Expressions of published tokenizers are a few hundred characters long. */
    private static final int LONGEST_EXPRESSION = 1 << 16;

    /** A range of code points. */
    public record Match(int from, int to) {}

    private final String text;
    private final boolean regex;
    private final Pattern pattern;

    private TextPattern(String text, boolean regex) {
        this.text = text;
        this.regex = regex;
        pattern = regex ? compile(text) : Pattern.compile(text, Pattern.LITERAL);
    }

    public static TextPattern string(String text) {
        return new TextPattern(text, false);
    }

    /** @throws IllegalArgumentException if the expression is not understood or too long */
    public static TextPattern regex(String expression) {
        return new TextPattern(expression, true);
    }

    /** The string or the expression. */
    public String text() {
        return text;
    }

    /** Whether it is an expression. */
    public boolean regex() {
        return regex;
    }

    /**
     * The matches from left to right, as ranges of code points of the text. There are empty ones where the expression matches nothing,
     * but not right behind another match.
     *
     * @throws UnencodableTextException if the expression backtracks beyond all measure on the text
     */
    public List<Match> find(AlignedText in) {
        return PatternSearch.find(pattern, text, in.toString());
    }

    private static Pattern compile(String expression) {
        if (expression.length() > LONGEST_EXPRESSION) {
            throw new IllegalArgumentException("pattern.Regex: an expression of " + expression.length()
                    + " characters, expected at most " + LONGEST_EXPRESSION);
        }
        try {
            return Pattern.compile(
                    OnigurumaSyntax.toJava(expression),
                    Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNICODE_CASE | Pattern.MULTILINE | Pattern.UNIX_LINES);
        } catch (PatternSyntaxException | StackOverflowError e) {
            String why =
                    e instanceof PatternSyntaxException ? String.valueOf(e.getMessage()) : "it is nested too deeply";
            throw new IllegalArgumentException(
                    "pattern.Regex: expected an expression of Oniguruma's Ruby syntax, got '" + shortened(expression)
                            + "', which is not understood: " + shortened(why),
                    e);
        }
    }

    private static String shortened(String s) {
        return s.length() <= 500 ? s : s.substring(0, 500) + "…";
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TextPattern that && regex == that.regex && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode() * 2 + (regex ? 1 : 0);
    }

    @Override
    public String toString() {
        return (regex ? "Regex " : "String ") + text;
    }
}
