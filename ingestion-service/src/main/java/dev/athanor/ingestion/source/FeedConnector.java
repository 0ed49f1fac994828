package dev.athanor.ingestion.source;

import dev.athanor.contracts.spec.SourceSpec;
import dev.athanor.ingestion.format.FeedFormat;
import dev.athanor.ingestion.http.Fetched;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** RSS and Atom feeds: their entries, or the pages that they link to, after robots.txt. */
final class FeedConnector implements Connector<SourceSpec.Feed> {

    private final Robots robots;

    FeedConnector(Robots robots) {
        this.robots = robots;
    }

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
        boolean feed = item.fact("kind").equals("feed");
        if (feed && source.fetchPages()) {
            Fetched answer = reading.fetch(item.uri());
            String xml = Query.text(answer);
            FeedFormat.links(xml).forEach(link -> reading.found(Item.of(link)));
            return;
        }
        SortedMap<String, String> asked = feed ? new TreeMap<>() : robots.check(item.uri(), reading);
        reading.refetch(item.uri(), answer -> {
            // A redirect may have led to another site, which has its own rules.
            boolean moved = !feed && !answer.url().toString().equals(item.uri());
            SortedMap<String, String> consent =
                    moved ? robots.check(answer.url().toString(), reading) : asked;
            reading.file(Reading.Known.of(answer).withConsent(consent), answer.file());
        });
    }
}
