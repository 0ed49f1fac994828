package dev.athanor.ingestion.source;

import dev.athanor.contracts.json.Json;
import dev.athanor.ingestion.content.BadContentException;
import dev.athanor.ingestion.content.DeadLetterReason;
import dev.athanor.ingestion.content.Facts;
import dev.athanor.ingestion.http.Fetched;
import dev.athanor.ingestion.http.HttpStatusException;
import dev.athanor.ingestion.http.Urls;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.WeakHashMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Asks each site's files for robots before its pages, once a task: robots.txt says what may be fetched and at what distance;
 * its content signals, ai.txt (https://spawning.ai/ai-txt) and the file of the TDM reservation protocol
 * (https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240202/) say what may be learned from.
 */
final class Robots {

    private static final int MAX_BYTES = 512 << 10;

    private final String agent;
    private final Map<Reading, Map<String, Site>> sites = new WeakHashMap<>();

    /** @param agent product token of the user agent, in lower case */
    Robots(String agent) {
        this.agent = agent;
    }

    /** @param reserved paths whose rights are reserved say no */
    private record Site(RobotsTxt robots, PathRules ai, PathRules reserved) {}

    /**
     * Waits for the site's crawl delay.
     *
     * @return what the site says about using this page, for its document's facts
     * @throws BadContentException OPTED_OUT when robots.txt says no
     */
    SortedMap<String, String> check(String url, Reading reading) throws IOException, InterruptedException {
        URI uri = Urls.parse(url);
        Site site = site(uri, reading);
        String path = (uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath())
                + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
        if (!site.robots().access().allows(path)) {
            throw new BadContentException(DeadLetterReason.OPTED_OUT, "robots.txt does not allow " + path);
        }
        reading.await(uri.getHost(), site.robots().crawlDelay());
        var facts = new TreeMap<String, String>();
        if (!site.robots().training().allows(path) || !site.ai().allows(path)) {
            facts.put(Facts.ROBOTS, "noai");
        }
        if (!site.reserved().allows(path)) {
            facts.put(Facts.TDM_RESERVATION, "1");
        }
        return facts;
    }

    RobotsTxt of(URI page, Reading reading) throws InterruptedException {
        return site(page, reading).robots();
    }

    private Site site(URI page, Reading reading) throws InterruptedException {
        String root = page.getScheme() + "://" + page.getRawAuthority();
        Map<String, Site> known;
        synchronized (sites) {
            known = sites.computeIfAbsent(reading, r -> new HashMap<>());
        }
        Site site = known.get(root);
        if (site == null) {
            site = ask(root, reading);
            known.put(root, site);
        }
        return site;
    }

    /** What is not there allows everything; a robots.txt that cannot be reached allows nothing (RFC 9309, 2.3.1). */
    private Site ask(String root, Reading reading) throws InterruptedException {
        RobotsTxt robots;
        try {
            robots = RobotsTxt.parse(text(root + "/robots.txt", reading), agent);
        } catch (HttpStatusException e) {
            robots = e.status() < 500 && e.status() != 429 ? RobotsTxt.NONE : RobotsTxt.CLOSED;
        } catch (IOException e) {
            robots = RobotsTxt.CLOSED;
        }
        if (robots == RobotsTxt.CLOSED) {
            return new Site(robots, PathRules.ALL, PathRules.ALL);
        }
        PathRules ai = PathRules.ALL;
        PathRules reserved = PathRules.ALL;
        try {
            ai = RobotsTxt.parse(text(root + "/ai.txt", reading), agent)
                    .access()
                    .asReservations();
        } catch (IOException e) {
            // Few have one.
        }
        try {
            reserved = reservations(text(root + "/.well-known/tdmrep.json", reading));
        } catch (IOException e) {
            // Few have one.
        }
        return new Site(robots, ai, reserved);
    }

    private static String text(String url, Reading reading) throws IOException, InterruptedException {
        Fetched file = reading.fetch(url);
        // Sites without such a file often answer with a page for people.
        if (String.valueOf(file.mediaType()).contains("html")) {
            return "";
        }
        try (InputStream in = Files.newInputStream(file.file())) {
            return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
        }
    }

    private static PathRules reservations(String json) {
        List<PathRules.Rule> rules = new ArrayList<>();
        try {
            for (JsonNode rule : Json.MAPPER.readTree(json.isBlank() ? "[]" : json)) {
                String location = Query.at(rule, "location");
                rules.add(PathRules.Rule.of(
                        !Query.at(rule, "tdm-reservation").equals("1"), location.isEmpty() ? "/" : location));
            }
        } catch (JacksonException e) {
            return PathRules.ALL;
        }
        return new PathRules(rules, false);
    }
}
