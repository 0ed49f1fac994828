package dev.athanor.ingestion.source;

import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.SourceSpec;
import dev.athanor.ingestion.content.BadContentException;
import dev.athanor.ingestion.content.DeadLetterReason;
import dev.athanor.ingestion.http.Fetched;
import dev.athanor.ingestion.http.HttpStatusException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;

/**
 * Common Crawl (https://commoncrawl.org/get-started): an index query gives the places of records, which are then read by
 * byte range; or the whole WET or WARC files of a crawl in the order of its list.
 */
final class CommonCrawlConnector implements Connector<SourceSpec.CommonCrawl> {

    private static final int MAX_INDEX_PAGES = 10_000;

    /** The index is one small server for all the world. */
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Endpoints endpoints;

    CommonCrawlConnector(Endpoints endpoints) {
        this.endpoints = endpoints;
    }

    @Override
    public Class<SourceSpec.CommonCrawl> spec() {
        return SourceSpec.CommonCrawl.class;
    }

    @Override
    public long maxItems(SourceSpec.CommonCrawl source) {
        return source.maxItems();
    }

    @Override
    public List<Item> seeds(SourceSpec.CommonCrawl source) {
        if (source.urls().isEmpty()) {
            return List.of(Item.of(
                    endpoints.commonCrawlData() + "/crawl-data/" + source.crawl() + "/" + source.kind() + ".paths.gz",
                    Map.of("kind", "paths")));
        }
        return source.urls().stream()
                .distinct()
                .map(query -> Item.of("index:" + query, Map.of("kind", "index", "query", query)))
                .toList();
    }

    @Override
    public void read(SourceSpec.CommonCrawl source, Item item, Reading reading)
            throws IOException, InterruptedException {
        switch (item.fact("kind")) {
            case "index" -> index(source, item.fact("query"), reading);
            case "paths" -> paths(source, item, reading);
            case "record" -> record(item, reading);
            default -> {
                Fetched file = reading.fetch(item.uri());
                reading.file(Reading.Known.of(file), file.file());
            }
        }
    }

    private void index(SourceSpec.CommonCrawl source, String query, Reading reading)
            throws IOException, InterruptedException {
        String index = endpoints.commonCrawlIndex() + "/" + source.crawl() + "-index";
        JsonNode size;
        try {
            size = Query.json(ask(Query.url(index, "url", query, "output", "json", "showNumPages", "true"), reading));
        } catch (HttpStatusException e) {
            if (e.status() != 404) {
                throw e;
            }
            // The index says so where the crawl has nothing of this: an answer, not a fault.
            throw new BadContentException(DeadLetterReason.NO_TEXT, String.valueOf(e.getMessage()));
        }
        int pages = Math.min(size.path("pages").asInt(1), MAX_INDEX_PAGES);
        long found = 0;
        for (int page = 0; page < pages && found < source.maxItems(); page++) {
            reading.checkStop();
            Fetched answer =
                    ask(Query.url(index, "url", query, "output", "json", "page", Integer.toString(page)), reading);
            for (String line : Query.text(answer).split("\n")) {
                if (line.isBlank()) {
                    continue;
                }
                JsonNode entry = Json.MAPPER.readTree(line);
                String mime = Query.at(entry, "mime-detected").isEmpty()
                        ? Query.at(entry, "mime")
                        : Query.at(entry, "mime-detected");
                if (Query.at(entry, "status").equals("200") && isText(mime)) {
                    found++;
                    reading.found(place(entry));
                }
            }
        }
    }

    private static Fetched ask(String url, Reading reading) throws IOException, InterruptedException {
        reading.await("index.commoncrawl.org", INTERVAL);
        return reading.fetch(url);
    }

    private static boolean isText(String mime) {
        return mime.isEmpty() || mime.startsWith("text/") || mime.contains("html") || mime.equals("application/pdf");
    }

    private static Item place(JsonNode entry) {
        String length = Query.at(entry, "length");
        String offset = Query.at(entry, "offset");
        String file = Query.at(entry, "filename");
        return new Item(
                file + "@" + offset,
                Long.parseLong(length),
                new TreeMap<>(Map.of("kind", "record", "file", file, "offset", offset)));
    }

    private void record(Item item, Reading reading) throws IOException, InterruptedException {
        long offset = Long.parseLong(item.fact("offset"));
        Fetched part = reading.fetch(
                endpoints.commonCrawlData() + "/" + item.fact("file"),
                Map.of("Range", "bytes=" + offset + "-" + (offset + item.size() - 1)));
        if (part.status() != 206 && Files.size(part.file()) != item.size()) {
            throw new BadContentException(
                    DeadLetterReason.HTTP_STATUS, "expected a part (206), got status " + part.status());
        }
        reading.file(Reading.Known.of(part).withName("record.warc.gz"), part.file());
    }

    private void paths(SourceSpec.CommonCrawl source, Item item, Reading reading)
            throws IOException, InterruptedException {
        Fetched list = reading.fetch(item.uri());
        long found = 0;
        try (var lines = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(list.file())), StandardCharsets.UTF_8))) {
            for (String path = lines.readLine(); path != null && found < source.maxItems(); path = lines.readLine()) {
                if (!path.isBlank()) {
                    found++;
                    reading.found(Item.of(endpoints.commonCrawlData() + "/" + path.strip()));
                }
            }
        }
    }
}
