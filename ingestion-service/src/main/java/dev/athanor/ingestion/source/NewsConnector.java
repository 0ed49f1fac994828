package dev.athanor.ingestion.source;

import dev.athanor.contracts.spec.SourceSpec;
import dev.athanor.ingestion.http.Fetched;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * News by a search: GDELT's DOC 2.0 API (https://blog.gdeltproject.org/gdelt-doc-2-0-api-debuts/) or newsapi.org. The API
 * gives addresses; each page is read as the crawler would, after robots.txt.
 */
final class NewsConnector implements Connector<SourceSpec.News> {

    private static final int GDELT_MOST = 250;
    private static final int PAGE = 100;

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
            robots.check(item.uri(), reading);
            Fetched page = reading.fetch(item.uri());
            reading.file(Reading.Known.of(page).withFact("published", item.fact("published")), page.file());
        } else if (source.provider().equals("gdelt")) {
            gdelt(source, reading);
        } else {
            newsApi(source, reading);
        }
    }

    private void gdelt(SourceSpec.News source, Reading reading) throws IOException, InterruptedException {
        JsonNode answer = Query.json(reading.fetch(Query.url(
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
                source.from() == null ? "" : source.from().replace("-", "") + "000000",
                "enddatetime",
                source.until() == null ? "" : source.until().replace("-", "") + "235959")));
        answer.path("articles")
                .forEach(a -> found(Query.at(a, "url"), Query.at(a, "title"), Query.at(a, "seendate"), reading));
    }

    private void newsApi(SourceSpec.News source, Reading reading) throws IOException, InterruptedException {
        long most = source.maxItems();
        for (int page = 1; (long) (page - 1) * PAGE < most; page++) {
            reading.checkStop();
            JsonNode answer = Query.json(reading.fetch(
                    Query.url(
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
                            source.until() == null ? "" : source.until()),
                    secrets.header("newsapi", "X-Api-Key")));
            answer.path("articles")
                    .forEach(a -> found(Query.at(a, "url"), Query.at(a, "title"), Query.at(a, "publishedAt"), reading));
            if ((long) page * PAGE >= answer.path("totalResults").asLong(0)) {
                return;
            }
        }
    }

    private static void found(String url, String title, String published, Reading reading) {
        if (url.startsWith("http")) {
            reading.found(Item.of(url, new TreeMap<>(Map.of("title", title, "published", published))));
        }
    }
}
