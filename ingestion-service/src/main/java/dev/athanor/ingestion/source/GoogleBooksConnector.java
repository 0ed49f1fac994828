package dev.athanor.ingestion.source;

import dev.athanor.contracts.spec.SourceSpec;
import dev.athanor.ingestion.http.Fetched;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Google Books (https://developers.google.com/books/docs/v1/using): volumes in the public domain, as EPUB or else PDF. */
final class GoogleBooksConnector implements Connector<SourceSpec.GoogleBooks> {

    private static final int PAGE = 40;
    private static final int MAX_PAGES = 1000;

    private final Endpoints endpoints;
    private final Secrets secrets;

    GoogleBooksConnector(Endpoints endpoints, Secrets secrets) {
        this.endpoints = endpoints;
        this.secrets = secrets;
    }

    @Override
    public Class<SourceSpec.GoogleBooks> spec() {
        return SourceSpec.GoogleBooks.class;
    }

    @Override
    public long maxItems(SourceSpec.GoogleBooks source) {
        return source.maxItems();
    }

    @Override
    public List<Item> seeds(SourceSpec.GoogleBooks source) {
        return List.of(Item.of("search:" + source.query(), Map.of("kind", "search")));
    }

    @Override
    public void read(SourceSpec.GoogleBooks source, Item item, Reading reading)
            throws IOException, InterruptedException {
        if (!item.fact("kind").equals("search")) {
            book(item, reading);
            return;
        }
        Map<String, String> key =
                secrets.has("google-books") ? secrets.header("google-books", "X-Goog-Api-Key") : Map.of();
        long found = 0;
        // Pages may be short before the last one, and the total varies from page to page: only an empty one is the end.
        for (int start = 0; found < source.maxItems() && start < MAX_PAGES * PAGE; start += PAGE) {
            reading.checkStop();
            JsonNode volumes = Query.json(reading.fetch(
                            Query.url(
                                    endpoints.googleBooks() + "/volumes",
                                    "q",
                                    source.query(),
                                    "filter",
                                    "full",
                                    "download",
                                    "epub",
                                    "startIndex",
                                    Integer.toString(start),
                                    "maxResults",
                                    Integer.toString(PAGE)),
                            key))
                    .path("items");
            for (JsonNode volume : volumes) {
                String link = link(volume);
                if (Query.at(volume, "accessInfo", "publicDomain").equals("true") && !link.isEmpty()) {
                    found++;
                    reading.found(Item.of(link, facts(volume)));
                }
            }
            if (volumes.isEmpty()) {
                return;
            }
        }
    }

    /** A link stands there even where nothing can be had by it: only {@code isAvailable} tells. EPUB before PDF. */
    private static String link(JsonNode volume) {
        for (String form : List.of("epub", "pdf")) {
            if (Query.at(volume, "accessInfo", form, "isAvailable").equals("true")) {
                String link = Query.at(volume, "accessInfo", form, "downloadLink");
                if (!link.isEmpty()) {
                    return link;
                }
            }
        }
        return "";
    }

    private static TreeMap<String, String> facts(JsonNode volume) {
        var facts = new TreeMap<>(Map.of("volume", Query.at(volume, "id")));
        JsonNode info = volume.path("volumeInfo");
        List<String> authors = new ArrayList<>();
        info.path("authors").forEach(a -> authors.add(a.asString("")));
        put(facts, "title", Query.at(info, "title"));
        put(facts, "author", String.join("; ", authors));
        put(facts, "published", Query.at(info, "publishedDate"));
        return facts;
    }

    private static void put(TreeMap<String, String> facts, String key, String value) {
        if (!value.isEmpty()) {
            facts.put(key, value.substring(0, Math.min(value.length(), 1000)));
        }
    }

    private static void book(Item item, Reading reading) throws IOException, InterruptedException {
        Fetched book = reading.fetch(item.uri());
        // In place of a book, robots are sometimes asked to show that they are none.
        if (String.valueOf(book.mediaType()).contains("html")) {
            throw new IOException("expected a book, got a page of type " + book.mediaType());
        }
        Reading.Known known = Reading.Known.of(book)
                .withUri("https://books.google.com/books?id=" + item.fact("volume"))
                .withName("book")
                .withLicence("public-domain");
        for (String fact : List.of("title", "author", "published")) {
            known = item.fact(fact).isEmpty() ? known : known.withFact(fact, item.fact(fact));
        }
        reading.file(known, book.file());
    }
}
