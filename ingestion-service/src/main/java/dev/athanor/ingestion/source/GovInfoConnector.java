package dev.athanor.ingestion.source;

import dev.athanor.contracts.spec.SourceSpec;
import dev.athanor.ingestion.http.Fetched;
import dev.athanor.ingestion.http.HttpStatusException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** govinfo (https://api.govinfo.gov/docs/): what changed in a collection since a day, as HTML or PDF. Works of the US government. */
final class GovInfoConnector implements Connector<SourceSpec.GovInfo> {

    private static final int PAGE = 100;
    private static final int MAX_PAGES = 100_000;

    private final Endpoints endpoints;
    private final Secrets secrets;

    GovInfoConnector(Endpoints endpoints, Secrets secrets) {
        this.endpoints = endpoints;
        this.secrets = secrets;
    }

    @Override
    public Class<SourceSpec.GovInfo> spec() {
        return SourceSpec.GovInfo.class;
    }

    @Override
    public long maxItems(SourceSpec.GovInfo source) {
        return source.maxItems();
    }

    @Override
    public List<Item> seeds(SourceSpec.GovInfo source) {
        return List.of(Item.of(
                Query.url(
                        endpoints.govInfo() + "/collections/" + source.collection() + "/" + source.from()
                                + "T00:00:00Z",
                        "offsetMark",
                        "*",
                        "pageSize",
                        Integer.toString(PAGE)),
                Map.of("kind", "collection")));
    }

    @Override
    public void read(SourceSpec.GovInfo source, Item item, Reading reading) throws IOException, InterruptedException {
        Map<String, String> key = secrets.header("govinfo", "X-Api-Key");
        if (!item.fact("kind").equals("collection")) {
            Fetched document = text(item, key, reading);
            reading.file(
                    Reading.Known.of(document)
                            .withUri("https://www.govinfo.gov/app/details/" + item.fact("package"))
                            .withLicence("public-domain")
                            .withFact("title", item.fact("title")),
                    document.file());
            return;
        }
        String url = item.uri();
        long found = 0;
        for (int page = 0; page < MAX_PAGES && !url.isEmpty() && found < source.maxItems(); page++) {
            reading.checkStop();
            JsonNode answer = Query.json(reading.fetch(url, key));
            for (JsonNode one : answer.path("packages")) {
                String id = Query.at(one, "packageId");
                found++;
                reading.found(Item.of(
                        endpoints.govInfo() + "/packages/" + Query.encode(id) + "/htm",
                        new TreeMap<>(Map.of("package", id, "title", Query.at(one, "title")))));
            }
            url = Query.next(Query.at(answer, "nextPage"), endpoints.govInfo());
        }
    }

    /** As HTML, or as PDF where a package has no other form: court opinions and issues of the Federal Register have not. */
    private static Fetched text(Item item, Map<String, String> key, Reading reading)
            throws IOException, InterruptedException {
        try {
            return reading.fetch(item.uri(), key);
        } catch (HttpStatusException e) {
            if (e.status() != 400 && e.status() != 404) {
                throw e;
            }
            return reading.fetch(item.uri().replaceFirst("/htm$", "/pdf"), key);
        }
    }
}
