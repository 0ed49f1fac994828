package dev.athanor.ingestion.source;

import dev.athanor.contracts.spec.SourceSpec;
import java.io.IOException;
import java.util.List;

/** A list of HTTP and HTTPS URLs, each a file of any format. */
final class HttpConnector implements Connector<SourceSpec.Http> {

    @Override
    public Class<SourceSpec.Http> spec() {
        return SourceSpec.Http.class;
    }

    @Override
    public List<Item> seeds(SourceSpec.Http source) {
        return source.urls().stream().distinct().map(Item::of).toList();
    }

    @Override
    public void read(SourceSpec.Http source, Item item, Reading reading) throws IOException, InterruptedException {
        reading.refetch(item.uri(), page -> reading.file(Reading.Known.of(page), page.file()));
    }
}
