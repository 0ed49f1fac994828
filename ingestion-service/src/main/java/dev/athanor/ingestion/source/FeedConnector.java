package dev.athanor.ingestion.source;

import dev.athanor.contracts.spec.SourceSpec;
import dev.athanor.ingestion.charset.TextDecoder;
import dev.athanor.ingestion.format.FeedFormat;
import dev.athanor.ingestion.http.Fetched;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;

/** RSS and Atom feeds: their entries, or the pages that they link to. */
final class FeedConnector implements Connector<SourceSpec.Feed> {

    @Override
    public Class<SourceSpec.Feed> spec() {
        return SourceSpec.Feed.class;
    }

    @Override
    public List<Item> seeds(SourceSpec.Feed source) {
        return source.urls().stream()
                .distinct()
                .map(url -> Item.of(url, Map.of("kind", "feed")))
                .toList();
    }

    @Override
    public void read(SourceSpec.Feed source, Item item, Reading reading) throws IOException, InterruptedException {
        Fetched answer = reading.fetch(item.uri());
        if (item.fact("kind").equals("feed") && source.fetchPages()) {
            String xml = TextDecoder.decode(Files.readAllBytes(answer.file()), answer.charset())
                    .text();
            FeedFormat.links(xml).forEach(link -> reading.found(Item.of(link)));
        } else {
            reading.file(Reading.Known.of(answer), answer.file());
        }
    }
}
