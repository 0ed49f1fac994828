package dev.athanor.ingestion.source;

import dev.athanor.contracts.spec.SourceSpec;
import dev.athanor.ingestion.http.Fetched;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Google Books (https://developers.google.com/books/docs/v1/using): volumes marked as public domain that have an EPUB. */
final class GoogleBooksConnector implements Connector<SourceSpec.GoogleBooks> {

    private static final int PAGE = 40;

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
            Fetched book = reading.fetch(item.uri());
            reading.file(
                    Reading.Known.of(book)
                            .withUri("https://books.google.com/books?id=" + item.fact("volume"))
                            .withName("book.epub")
                            .withLicence("public-domain"),
                    book.file());
            return;
        }
        Map<String, String> key =
                secrets.has("google-books") ? secrets.header("google-books", "X-Goog-Api-Key") : Map.of();
        long found = 0;
        for (int start = 0; found < source.maxItems(); start += PAGE) {
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
                String link = Query.at(volume, "accessInfo", "epub", "downloadLink");
                if (Query.at(volume, "accessInfo", "publicDomain").equals("true") && !link.isEmpty()) {
                    found++;
                    reading.found(Item.of(link, new TreeMap<>(Map.of("volume", Query.at(volume, "id")))));
                }
            }
            if (volumes.size() < PAGE) {
                return;
            }
        }
    }
}
