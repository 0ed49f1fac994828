package dev.athanor.ingestion.source;

import dev.athanor.ingestion.http.Urls;
import java.util.List;

/**
 * Patterns of paths that say yes or no: the longest that matches decides, and where none matches it is yes.
 *
 * @param yesWinsTies what of two patterns of the same length decides: yes for robots.txt (RFC 9309, 2.2.2), no for what
 *     reserves rights, where the stricter word is to be kept
 */
record PathRules(List<Rule> rules, boolean yesWinsTies) {

    static final PathRules ALL = new PathRules(List.of(), true);

    /** @param pattern {@code *} stands for any characters, {@code $} at the end for the end of the path */
    record Rule(boolean allow, String pattern) {

        static Rule of(boolean allow, String pattern) {
            return new Rule(allow, Urls.normalizePath(pattern));
        }
    }

    PathRules {
        rules = List.copyOf(rules);
    }

    /** The same rules for what may be learned from: no wins a tie. */
    PathRules asReservations() {
        return new PathRules(rules, false);
    }

    /** @param path with its query */
    boolean allows(String path) {
        String normal = Urls.normalizePath(path);
        Rule best = null;
        for (Rule rule : rules) {
            boolean longer = best == null
                    || rule.pattern().length() > best.pattern().length()
                    || (rule.pattern().length() == best.pattern().length() && rule.allow() == yesWinsTies);
            if (longer && matches(normal, rule.pattern())) {
                best = rule;
            }
        }
        return best == null || best.allow();
    }

    /** Greedy matching from left to right suffices. */
    private static boolean matches(String path, String pattern) {
        boolean anchored = pattern.endsWith("$");
        String[] parts = (anchored ? pattern.substring(0, pattern.length() - 1) : pattern).split("\\*", -1);
        if (!path.startsWith(parts[0])) {
            return false;
        }
        int at = parts[0].length();
        for (int i = 1; i < parts.length; i++) {
            boolean last = i == parts.length - 1;
            int found = last && anchored
                    ? (path.endsWith(parts[i]) && path.length() - parts[i].length() >= at
                            ? path.length() - parts[i].length()
                            : -1)
                    : path.indexOf(parts[i], at);
            if (found < 0) {
                return false;
            }
            at = found + parts[i].length();
        }
        return !anchored || at == path.length();
    }
}
