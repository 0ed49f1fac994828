package dev.athanor.ingestion.source;

import dev.athanor.contracts.spec.SourceSpec;
import dev.athanor.ingestion.charset.TextDecoder;
import dev.athanor.ingestion.content.Extracted;
import dev.athanor.ingestion.content.Facts;
import dev.athanor.ingestion.http.Fetched;
import dev.athanor.ingestion.table.CsvRows;
import dev.athanor.ingestion.table.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Project Gutenberg (https://www.gutenberg.org/ebooks/offline_catalogs.html): plain texts by number or by catalogue. */
final class GutenbergConnector implements Connector<SourceSpec.Gutenberg> {

    /** What the site asks of robots. */
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    private final Endpoints endpoints;

    GutenbergConnector(Endpoints endpoints) {
        this.endpoints = endpoints;
    }

    @Override
    public Class<SourceSpec.Gutenberg> spec() {
        return SourceSpec.Gutenberg.class;
    }

    @Override
    public long maxItems(SourceSpec.Gutenberg source) {
        return source.maxItems();
    }

    @Override
    public List<Item> seeds(SourceSpec.Gutenberg source) {
        if (source.ids().isEmpty()) {
            return List.of(
                    Item.of(endpoints.gutenberg() + "/cache/epub/feeds/pg_catalog.csv", Map.of("kind", "catalogue")));
        }
        return source.ids().stream()
                .distinct()
                .limit(source.maxItems())
                .map(id -> book(Integer.toString(id), Map.of()))
                .toList();
    }

    private Item book(String id, Map<String, String> facts) {
        var all = new TreeMap<>(facts);
        all.put("id", id);
        return Item.of(endpoints.gutenberg() + "/cache/epub/" + id + "/pg" + id + ".txt", all);
    }

    @Override
    public void read(SourceSpec.Gutenberg source, Item item, Reading reading) throws IOException, InterruptedException {
        reading.await("gutenberg.org", INTERVAL);
        Fetched answer = reading.fetch(item.uri());
        if (item.fact("kind").equals("catalogue")) {
            catalogue(source, answer, reading);
            return;
        }
        GutenbergText text = GutenbergText.of(TextDecoder.decode(Files.readAllBytes(answer.file()), answer.charset())
                .text());
        var metadata = new TreeMap<>(item.facts());
        text.header().forEach(metadata::putIfAbsent);
        metadata.put(Facts.FETCHED_AT, answer.fetchedAt());
        String language = item.fact("language");
        reading.document(new Extracted(
                item.uri(),
                text.body(),
                "text/plain",
                text.copyrighted() ? "copyrighted-by-permission" : "public-domain",
                language.matches("[a-z]{2,3}") ? language : null,
                metadata));
    }

    private void catalogue(SourceSpec.Gutenberg source, Fetched answer, Reading reading) throws IOException {
        long found = 0;
        try (var rows =
                new CsvRows(TextDecoder.reader(Files.newInputStream(answer.file()), null), ',', Set.of("text#"))) {
            for (Row row = rows.next(); row != null && found < source.maxItems(); row = rows.next()) {
                String language = row.cells().getOrDefault("Language", "");
                String id = row.cells().getOrDefault("Text#", "");
                // A book in several languages has them all: "en; la".
                boolean wanted = source.languages().isEmpty()
                        || Arrays.stream(language.split(";")).map(String::strip).anyMatch(source.languages()::contains);
                if (row.cells().getOrDefault("Type", "").equals("Text") && wanted && id.matches("\\d{1,9}")) {
                    found++;
                    reading.found(book(
                            id,
                            Map.of(
                                    "language", language,
                                    "title",
                                            row.cells()
                                                    .getOrDefault("Title", "")
                                                    .replaceAll("\\s+", " "),
                                    "author", row.cells().getOrDefault("Authors", ""))));
                }
            }
        }
    }
}
