package dev.athanor.tokenizers.words;

import dev.athanor.tokenizers.IntList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The word rules of the Penn Treebank as NLTK's TreebankWordTokenizer has them: substitutions, one after the other, that put blanks
 * around what is a word. Here each character remembers where it came from, so that words are stretches of the text. Immutable.
 */
public final class TreebankRules {

    /** One substitution: {@code $0} to {@code $2} stand for the match and its groups, all else for itself. */
    private record Rule(Pattern pattern, String replacement) {

        static Rule of(String expression, String replacement) {
            return new Rule(
                    Pattern.compile(expression, Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNIX_LINES), replacement);
        }
    }

    private static final List<Rule> BEFORE_PADDING = List.of(
            Rule.of("^\"", "``"),
            Rule.of("``", " $0 "),
            Rule.of("([ (\\[{<])(\"|'{2})", "$1 `` "),
            Rule.of("([:,])([^\\d])", " $1 $2"),
            Rule.of("[:,]$", " $0 "),
            Rule.of("\\.\\.\\.", " $0 "),
            Rule.of("[;@#$%&]", " $0 "),
            Rule.of("([^.])(\\.[\\])}>\"']*)\\s*$", "$1 $2 "),
            Rule.of("[?!]", " $0 "),
            Rule.of("([^'])(') ", "$1 $2 "),
            Rule.of("[\\]\\[(){}<>]", " $0 "),
            Rule.of("--", " $0 "));

    private static final List<Rule> AFTER_PADDING = List.of(
            Rule.of("''", " $0 "),
            Rule.of("\"", " '' "),
            Rule.of("([^' ])('[sSmMdD]|') ", "$1 $2 "),
            Rule.of("([^' ])('ll|'LL|'re|'RE|'ve|'VE|n't|N'T) ", "$1 $2 "),
            Rule.of("(?iu)\\b(can)(not)\\b", " $1 $2 "),
            Rule.of("(?iu)\\b(d)('ye)\\b", " $1 $2 "),
            Rule.of("(?iu)\\b(gim)(me)\\b", " $1 $2 "),
            Rule.of("(?iu)\\b(gon)(na)\\b", " $1 $2 "),
            Rule.of("(?iu)\\b(got)(ta)\\b", " $1 $2 "),
            Rule.of("(?iu)\\b(lem)(me)\\b", " $1 $2 "),
            Rule.of("(?iu)\\b(more)('n)\\b", " $1 $2 "),
            Rule.of("(?iu)\\b(wan)(na)(?=\\s)", " $1 $2 "),
            Rule.of("(?iu) ('t)(is)\\b", " $1 $2 "),
            Rule.of("(?iu) ('t)(was)\\b", " $1 $2 "));

    private static final int NOWHERE = -1;

    private TreebankRules() {}

    /** The words of a text: pairs of where each begins and ends, in UTF-16 units. */
    public static IntList words(String text) {
        Rewritten t = new Rewritten(text);
        BEFORE_PADDING.forEach(t::apply);
        t.pad();
        AFTER_PADDING.forEach(t::apply);
        return t.words();
    }

    private static final class Rewritten {

        private String text;
        private int[] origin;

        Rewritten(String text) {
            this.text = text;
            origin = new int[text.length()];
            for (int i = 0; i < origin.length; i++) {
                origin[i] = i;
            }
        }

        void pad() {
            text = " " + text + " ";
            int[] padded = new int[text.length()];
            System.arraycopy(origin, 0, padded, 1, origin.length);
            padded[0] = NOWHERE;
            padded[padded.length - 1] = NOWHERE;
            origin = padded;
        }

        void apply(Rule rule) {
            Matcher matcher = rule.pattern.matcher(text);
            if (!matcher.find()) {
                return;
            }
            StringBuilder out = new StringBuilder(text.length() + 64);
            IntList from = new IntList(text.length() + 64);
            int at = 0;
            do {
                copy(at, matcher.start(), out, from);
                replace(matcher, rule.replacement, out, from);
                at = matcher.end();
            } while (matcher.find());
            copy(at, text.length(), out, from);
            text = out.toString();
            origin = from.toArray();
        }

        private void copy(int start, int end, StringBuilder out, IntList from) {
            out.append(text, start, end);
            from.addAll(origin, start, end);
        }

        private void replace(MatchResult match, String replacement, StringBuilder out, IntList from) {
            int quotes = 0;
            for (int i = 0; i < replacement.length(); i++) {
                char c = replacement.charAt(i);
                if (c == '$') {
                    int group = replacement.charAt(++i) - '0';
                    copy(match.start(group), match.end(group), out, from);
                } else {
                    out.append(c);
                    // The two quotes that a quotation mark becomes begin and end where the mark does.
                    int group = match.groupCount();
                    from.add(c == ' ' ? NOWHERE : origin[quotes++ == 0 ? match.start(group) : match.end(group) - 1]);
                }
            }
        }

        IntList words() {
            IntList words = new IntList();
            int start = NOWHERE;
            for (int i = 0; i < origin.length; i++) {
                boolean blank = origin[i] == NOWHERE || Character.isWhitespace(text.charAt(i)) || isWideBlank(i);
                if (!blank) {
                    start = start == NOWHERE ? i : start;
                } else if (start != NOWHERE) {
                    add(words, start, i);
                    start = NOWHERE;
                }
            }
            if (start != NOWHERE) {
                add(words, start, origin.length);
            }
            return words;
        }

        private boolean isWideBlank(int i) {
            return Character.isSpaceChar(text.charAt(i)) || text.charAt(i) == '\u0085';
        }

        private void add(IntList words, int start, int end) {
            words.add(origin[start]);
            words.add(origin[end - 1] + 1);
        }
    }
}
