package dev.athanor.ingestion.source;

import dev.athanor.contracts.spec.SourceSpec;
import dev.athanor.ingestion.http.Fetched;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * PubMed and PubMed Central by NCBI's E-utilities (https://www.ncbi.nlm.nih.gov/books/NBK25501/): a search gives ids, which
 * are fetched in batches as XML; {@code PubMedFormat} and {@code JatsFormat} read that.
 */
final class PubMedConnector implements Connector<SourceSpec.PubMed> {

    /** The search gives no more than this many ids for one query; narrower dates give the rest. */
    private static final int SEARCH_LIMIT = 9_999;

    private static final int CITATIONS = 200;
    private static final int ARTICLES = 20;

    private final Endpoints endpoints;

    PubMedConnector(Endpoints endpoints) {
        this.endpoints = endpoints;
    }

    @Override
    public Class<SourceSpec.PubMed> spec() {
        return SourceSpec.PubMed.class;
    }

    @Override
    public List<Item> seeds(SourceSpec.PubMed source) {
        return List.of(Item.of(
                Query.url(
                        endpoints.eutils() + "/esearch.fcgi",
                        "db",
                        source.database(),
                        "term",
                        source.query(),
                        "retmode",
                        "json",
                        "retmax",
                        Long.toString(Math.min(source.maxItems(), SEARCH_LIMIT)),
                        "sort",
                        "pub_date",
                        "datetype",
                        source.from() == null && source.until() == null ? "" : "edat",
                        "mindate",
                        source.from() == null ? "" : source.from().replace('-', '/'),
                        "maxdate",
                        source.until() == null ? "" : source.until().replace('-', '/')),
                Map.of("kind", "search")));
    }

    @Override
    public void read(SourceSpec.PubMed source, Item item, Reading reading) throws IOException, InterruptedException {
        Fetched answer = reading.fetch(item.uri());
        if (!item.fact("kind").equals("search")) {
            reading.file(Reading.Known.of(answer).withName("batch.xml"), answer.file());
            return;
        }
        JsonNode result = Query.json(answer).path("esearchresult");
        if (!Query.at(result, "ERROR").isEmpty()) {
            throw new IOException("E-utilities: " + Query.at(result, "ERROR"));
        }
        List<String> ids = new ArrayList<>();
        result.path("idlist").forEach(id -> ids.add(id.asString()));
        int batch = source.database().equals("pmc") ? ARTICLES : CITATIONS;
        for (int i = 0; i < Math.min(ids.size(), source.maxItems()); i += batch) {
            String some = String.join(",", ids.subList(i, (int)
                    Math.min(Math.min(i + batch, ids.size()), source.maxItems())));
            reading.found(new Item(
                    Query.url(
                            endpoints.eutils() + "/efetch.fcgi", "db", source.database(), "id", some, "retmode", "xml"),
                    0,
                    new TreeMap<>()));
        }
    }
}
