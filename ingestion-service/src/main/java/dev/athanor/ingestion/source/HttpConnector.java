package dev.athanor.ingestion.source;

import dev.athanor.contracts.spec.SourceSpec;
import dev.athanor.ingestion.http.Fetched;
import dev.athanor.ingestion.http.Web;
import java.io.IOException;
import java.util.List;

/** A list of HTTP and HTTPS URLs, each a file of any format. */
public final class HttpConnector implements Connector<SourceSpec.Http> {

    private final Web web;

    public HttpConnector(Web web) {
        this.web = web;
    }

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
        Fetched page = web.get(item.uri(), reading.workFolder());
        reading.file(Reading.Known.of(page), page.file());
    }
}
