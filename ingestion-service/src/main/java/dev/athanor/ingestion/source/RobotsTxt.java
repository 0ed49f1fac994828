package dev.athanor.ingestion.source;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** robots.txt after RFC 9309: the rules for one user agent; the longest matching rule decides, allow wins a tie. */
final class RobotsTxt {

    /** Everything may be fetched. */
    static final RobotsTxt NONE = new RobotsTxt(List.of(), Duration.ZERO, List.of());

    /** Nothing may: what RFC 9309 wants where robots.txt cannot be reached. */
    static final RobotsTxt CLOSED = new RobotsTxt(List.of(new Rule(false, "/")), Duration.ZERO, List.of());

    private static final int MAX_LINES = 50_000;
    private static final Duration MAX_DELAY = Duration.ofSeconds(60);

    private record Rule(boolean allow, String pattern) {}

    private final List<Rule> rules;
    private final Duration crawlDelay;
    private final List<String> sitemaps;

    private RobotsTxt(List<Rule> rules, Duration crawlDelay, List<String> sitemaps) {
        this.rules = rules;
        this.crawlDelay = crawlDelay;
        this.sitemaps = sitemaps;
    }

    /** @param agent product token, e.g. {@code athanor} */
    static RobotsTxt parse(String text, String agent) {
        List<Rule> own = new ArrayList<>();
        List<Rule> general = new ArrayList<>();
        List<String> sitemaps = new ArrayList<>();
        Duration ownDelay = Duration.ZERO;
        Duration generalDelay = Duration.ZERO;
        boolean ownSeen = false;
        boolean forUs = false;
        boolean forAll = false;
        boolean inAgents = false;
        for (String raw : text.lines().limit(MAX_LINES).toList()) {
            String line = raw.split("#", 2)[0].strip();
            int colon = line.indexOf(':');
            if (colon < 0) {
                continue;
            }
            String field = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 1).strip();
            switch (field) {
                case "user-agent" -> {
                    if (!inAgents) {
                        forUs = false;
                        forAll = false;
                    }
                    inAgents = true;
                    forUs |= value.toLowerCase(Locale.ROOT).equals(agent);
                    forAll |= value.equals("*");
                    ownSeen |= forUs;
                }
                case "allow", "disallow" -> {
                    inAgents = false;
                    if (!value.isEmpty()) {
                        var rule = new Rule(field.equals("allow"), value);
                        if (forUs) {
                            own.add(rule);
                        }
                        if (forAll) {
                            general.add(rule);
                        }
                    }
                }
                case "crawl-delay" -> {
                    inAgents = false;
                    Duration delay = delay(value);
                    ownDelay = forUs ? delay : ownDelay;
                    generalDelay = forAll ? delay : generalDelay;
                }
                case "sitemap" -> sitemaps.add(value);
                default -> {}
            }
        }
        return new RobotsTxt(ownSeen ? own : general, ownSeen ? ownDelay : generalDelay, List.copyOf(sitemaps));
    }

    /** @param path with its query */
    boolean allows(String path) {
        Rule best = null;
        for (Rule rule : rules) {
            boolean longer = best == null
                    || rule.pattern().length() > best.pattern().length()
                    || (rule.pattern().length() == best.pattern().length() && rule.allow());
            if (longer && matches(path, rule.pattern())) {
                best = rule;
            }
        }
        return best == null || best.allow();
    }

    Duration crawlDelay() {
        return crawlDelay;
    }

    List<String> sitemaps() {
        return sitemaps;
    }

    /** {@code *} stands for any characters, {@code $} at the end for the end; greedy matching from left to right suffices. */
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

    private static Duration delay(String value) {
        try {
            Duration delay = Duration.ofMillis((long) (Double.parseDouble(value) * 1000));
            return delay.isNegative() ? Duration.ZERO : delay.compareTo(MAX_DELAY) > 0 ? MAX_DELAY : delay;
        } catch (NumberFormatException e) {
            return Duration.ZERO;
        }
    }
}
