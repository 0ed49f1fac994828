package dev.athanor.ingestion.source;

import dev.athanor.ingestion.source.PathRules.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * robots.txt after RFC 9309, as it applies to one user agent: its own groups if there are any, else those for all.
 *
 * @param access what may be fetched
 * @param training what may be trained on, as {@code Content-Signal: ai-train=no} (https://contentsignals.org) and
 *     {@code Content-Usage: train-ai=n} (draft-ietf-aipref-attach) say
 * @param crawlDelay least time between two requests, at most a minute
 * @param sitemaps addresses, of whatever group
 */
record RobotsTxt(PathRules access, PathRules training, Duration crawlDelay, List<String> sitemaps) {

    /** Everything may be fetched. */
    static final RobotsTxt NONE = new RobotsTxt(PathRules.ALL, PathRules.ALL, Duration.ZERO, List.of());

    /** Nothing may: what RFC 9309 wants where robots.txt cannot be reached. */
    static final RobotsTxt CLOSED =
            new RobotsTxt(new PathRules(List.of(Rule.of(false, "/")), true), PathRules.ALL, Duration.ZERO, List.of());

    private static final int MAX_LINES = 50_000;
    private static final Duration MAX_DELAY = Duration.ofSeconds(60);

    /** Rules of the groups that name one agent. */
    private static final class Group {
        private final List<Rule> access = new ArrayList<>();
        private final List<Rule> training = new ArrayList<>();
        private Duration delay = Duration.ZERO;
    }

    /** @param agent product token in lower case, e.g. {@code athanor} */
    static RobotsTxt parse(String text, String agent) {
        var own = new Group();
        var general = new Group();
        List<String> sitemaps = new ArrayList<>();
        List<Group> current = List.of();
        boolean ownSeen = false;
        boolean inAgents = false;
        String plain = text.startsWith("\ufeff") ? text.substring(1) : text;
        for (String raw : plain.lines().limit(MAX_LINES).toList()) {
            String line = raw.split("#", 2)[0].strip();
            int colon = line.indexOf(':');
            if (colon < 0) {
                continue;
            }
            String field = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 1).strip();
            switch (field) {
                case "user-agent" -> {
                    List<Group> named = new ArrayList<>(inAgents ? current : List.of());
                    boolean us = token(value).equals(agent);
                    Group group = us ? own : general;
                    // Named again, it would take each rule twice, and a file may name it very often.
                    if ((us || value.startsWith("*")) && !named.contains(group)) {
                        named.add(group);
                    }
                    ownSeen |= us;
                    current = named;
                    inAgents = true;
                }
                case "allow", "disallow" -> {
                    inAgents = false;
                    if (!value.isEmpty()) {
                        current.forEach(g -> g.access.add(Rule.of(field.equals("allow"), value)));
                    }
                }
                // Other records do not end a list of agents (2.2.4).
                case "crawl-delay" -> current.forEach(g -> g.delay = delay(value));
                case "content-signal" -> add(current, signal(value, "ai-train", "no"));
                case "content-usage" -> add(current, signal(value, "train-ai", "n"));
                case "sitemap" -> sitemaps.add(value);
                default -> {}
            }
        }
        Group ours = ownSeen ? own : general;
        return new RobotsTxt(
                new PathRules(ours.access, true),
                new PathRules(ours.training, false),
                ours.delay,
                List.copyOf(sitemaps));
    }

    private static void add(List<Group> groups, List<Rule> rules) {
        groups.forEach(g -> g.training.addAll(rules));
    }

    /** {@code Athanor/1.0 (…)} is named by its first word. */
    private static String token(String agent) {
        int end = 0;
        while (end < agent.length()
                && (Character.isLetter(agent.charAt(end)) || "-_".indexOf(agent.charAt(end)) >= 0)) {
            end++;
        }
        return agent.substring(0, end).toLowerCase(Locale.ROOT);
    }

    /** {@code [path] name=value, name=value}: a rule if one of the names is {@code name}, else none. */
    private static List<Rule> signal(String value, String name, String no) {
        String path = value.startsWith("/") ? value.split("\\s+", 2)[0] : "/";
        String rest = value.startsWith("/") ? value.substring(path.length()) : value;
        for (String pair : rest.toLowerCase(Locale.ROOT).split("[,;\\s]+")) {
            if (pair.startsWith(name + "=")) {
                return List.of(Rule.of(!pair.substring(name.length() + 1).equals(no), path));
            }
        }
        return List.of();
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
