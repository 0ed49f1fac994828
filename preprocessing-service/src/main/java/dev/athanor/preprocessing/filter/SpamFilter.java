package dev.athanor.preprocessing.filter;

import dev.athanor.contracts.error.Checks;
import dev.athanor.preprocessing.words.TermFinder;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Drops advertising and keyword pages: many phrases of advertising, links, capitals or exclamation marks, or one word over and over. */
public final class SpamFilter implements Filter {

    private static final int MIN_WORDS = 20;
    private static final int SHORT_WORD = 4;

    private static final List<String> PHRASES = List.of(
            "click here",
            "click below",
            "buy now",
            "order now",
            "act now",
            "call now",
            "apply now",
            "limited time offer",
            "special offer",
            "free shipping",
            "free trial",
            "risk free",
            "money back guarantee",
            "100% free",
            "lowest price",
            "best price",
            "cheap",
            "discount",
            "earn money",
            "make money",
            "extra income",
            "work from home",
            "casino",
            "jackpot",
            "poker",
            "betting",
            "viagra",
            "cialis",
            "weight loss",
            "lose weight",
            "payday loan",
            "credit score",
            "congratulations",
            "you have won",
            "winner",
            "no obligation",
            "while supplies last",
            "satisfaction guaranteed",
            "double your",
            "replica watches",
            "seo services",
            "buy backlinks",
            "promo code",
            "coupon code",
            "add to cart",
            "follow us on");

    private static final TermFinder TERMS = new TermFinder(PHRASES, true);

    private final Limits limits;

    public SpamFilter(Limits limits) {
        this.limits = limits;
    }

    /**
     * @param maxPhrases phrases of advertising in a hundred words
     * @param maxLinks URLs in a hundred words
     * @param maxTopWord share of the commonest word of more than three letters
     * @param maxCapitals share of words of more than three letters that are all capitals
     * @param maxExclamations exclamation marks in a hundred words
     */
    public record Limits(
            double maxPhrases, double maxLinks, double maxTopWord, double maxCapitals, double maxExclamations) {

        public static final Limits DEFAULTS = new Limits(4, 5, 0.15, 0.3, 8);

        public Limits {
            Checks.range("maxPhrases", maxPhrases, 0, 100);
            Checks.range("maxLinks", maxLinks, 0, 100);
            Checks.range("maxTopWord", maxTopWord, 0, 1);
            Checks.range("maxCapitals", maxCapitals, 0, 1);
            Checks.range("maxExclamations", maxExclamations, 0, 1_000);
        }
    }

    @Override
    public Verdict test(Analysis document) {
        String text = document.text();
        Map<String, Integer> counts = new HashMap<>();
        int words = 0;
        int phrases = 0;
        int capitals = 0;
        int top = 0;
        for (int i = 0; i < text.length(); ) {
            if (!TermFinder.begins(text, i)) {
                i++;
                continue;
            }
            words++;
            phrases += TERMS.end(text, i) >= 0 ? 1 : 0;
            int end = TermFinder.wordEnd(text, i);
            if (end - i >= SHORT_WORD) {
                String word = text.substring(i, end);
                capitals += word.equals(word.toUpperCase(Locale.ROOT)) && Character.isLetter(word.charAt(0)) ? 1 : 0;
                top = Math.max(top, counts.merge(word.toLowerCase(Locale.ROOT), 1, Integer::sum));
            }
            i = end;
        }
        if (words < MIN_WORDS) {
            return Verdict.KEEP;
        }
        double hundreds = words / 100.0;
        if (phrases > limits.maxPhrases * hundreds) {
            return Verdict.drop("spam-phrases");
        }
        if (count(text, "http://") + count(text, "https://") > limits.maxLinks * hundreds) {
            return Verdict.drop("spam-links");
        }
        if (top > limits.maxTopWord * words) {
            return Verdict.drop("spam-keywords");
        }
        if (capitals > limits.maxCapitals * words) {
            return Verdict.drop("spam-capitals");
        }
        return count(text, "!") > limits.maxExclamations * hundreds ? Verdict.drop("spam-exclamations") : Verdict.KEEP;
    }

    private static int count(String text, String part) {
        int count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }
}
