package dev.athanor.ingestion.source;

import dev.athanor.contracts.spec.SourceSpec;
import dev.athanor.ingestion.http.Fetched;
import dev.athanor.ingestion.http.HttpStatusException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * News by a search: GDELT's DOC 2.0 API (https://blog.gdeltproject.org/gdelt-doc-2-0-api-debuts/) or newsapi.org. The API
 * gives addresses; each page is read as the crawler would, after robots.txt.
 */
final class NewsConnector implements Connector<SourceSpec.News> {

    private static final int GDELT_MOST = 250;
    private static final int PAGE = 100;
    private static final int UPGRADE_REQUIRED = 426;

    /** One request in five seconds is allowed; at just five it still complains. */
    private static final Duration GDELT_INTERVAL = Duration.ofSeconds(6);

    private final Endpoints endpoints;
    private final Secrets secrets;
    private final Robots robots;

    NewsConnector(Endpoints endpoints, Secrets secrets, Robots robots) {
        this.endpoints = endpoints;
        this.secrets = secrets;
        this.robots = robots;
    }

    @Override
    public Class<SourceSpec.News> spec() {
        return SourceSpec.News.class;
    }

    @Override
    public long maxItems(SourceSpec.News source) {
        return source.maxItems();
    }

    @Override
    public List<Item> seeds(SourceSpec.News source) {
        return List.of(Item.of(source.provider() + ":" + source.query(), Map.of("kind", "search")));
    }

    @Override
    public void read(SourceSpec.News source, Item item, Reading reading) throws IOException, InterruptedException {
        if (!item.fact("kind").equals("search")) {
            SortedMap<String, String> asked = robots.check(item.uri(), reading);
            Fetched page = reading.fetch(item.uri());
            // A redirect may have led to another site, which has its own rules.
            boolean moved = !page.url().toString().equals(item.uri());
            SortedMap<String, String> consent = moved ? robots.check(page.url().toString(), reading) : asked;
            reading.file(
                    Reading.Known.of(page).withConsent(consent).withFact("published", item.fact("published")),
                    page.file());
        } else if (source.provider().equals("gdelt")) {
            gdelt(source, reading);
        } else {
            newsApi(source, reading);
        }
    }

    /** As many as fit into one answer, oldest first; then those since the last of them, until an answer is not full. */
    private void gdelt(SourceSpec.News source, Reading reading) throws IOException, InterruptedException {
        long left = source.maxItems();
        String start = source.from() == null ? "" : source.from().replace("-", "") + "000000";
        Set<String> seen = new HashSet<>();
        while (left > 0) {
            reading.checkStop();
            reading.await("api.gdeltproject.org", GDELT_INTERVAL);
            JsonNode articles = Query.json(reading.fetch(Query.url(
                            endpoints.gdelt() + "/doc/doc",
                            "query",
                            source.query(),
                            "mode",
                            "artlist",
                            "format",
                            "json",
                            "sort",
                            "dateasc",
                            "maxrecords",
                            Long.toString(Math.min(source.maxItems(), GDELT_MOST)),
                            "startdatetime",
                            start,
                            "enddatetime",
                            source.until() == null ? "" : source.until().replace("-", "") + "235959")))
                    .path("articles");
            String last = start;
            for (JsonNode article : articles) {
                last = Query.at(article, "seendate").replaceAll("\\D", "");
                if (left > 0 && seen.add(Query.at(article, "url"))) {
                    left--;
                    found(Query.at(article, "url"), Query.at(article, "title"), Query.at(article, "seendate"), reading);
                }
            }
            if (articles.size() < GDELT_MOST || last.compareTo(start) <= 0) {
                return;
            }
            start = last;
        }
    }

    private void newsApi(SourceSpec.News source, Reading reading) throws IOException, InterruptedException {
        long most = source.maxItems();
        for (int page = 1; (long) (page - 1) * PAGE < most; page++) {
            reading.checkStop();
            JsonNode answer;
            try {
                answer = Query.json(reading.fetch(newsApiUrl(source, page), secrets.header("newsapi", "X-Api-Key")));
            } catch (HttpStatusException e) {
                if (page > 1 && e.status() == UPGRADE_REQUIRED) {
                    return; // The plan gives no more than the pages before.
                }
                throw e;
            }
            if (Query.at(answer, "status").equals("error")) {
                throw new IOException("newsapi: " + Query.at(answer, "code") + " " + Query.at(answer, "message"));
            }
            answer.path("articles")
                    .forEach(a -> found(Query.at(a, "url"), Query.at(a, "title"), Query.at(a, "publishedAt"), reading));
            if ((long) page * PAGE >= answer.path("totalResults").asLong(0)) {
                return;
            }
        }
    }

    private String newsApiUrl(SourceSpec.News source, int page) {
        return Query.url(
                endpoints.newsApi() + "/everything",
                "q",
                source.query(),
                "sortBy",
                "publishedAt",
                "pageSize",
                Integer.toString(PAGE),
                "page",
                Integer.toString(page),
                "from",
                source.from() == null ? "" : source.from(),
                "to",
                source.until() == null ? "" : source.until());
    }

    /** An article that its publisher took back leads to https://removed.com. */
    private static void found(String url, String title, String published, Reading reading) {
        if (url.startsWith("http") && !title.equals("[Removed]")) {
            reading.found(Item.of(url, new TreeMap<>(Map.of("title", title, "published", published))));
        }
    }
}
