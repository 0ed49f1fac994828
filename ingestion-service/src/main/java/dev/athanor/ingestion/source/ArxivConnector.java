package dev.athanor.ingestion.source;

import dev.athanor.contracts.spec.SourceSpec;
import dev.athanor.ingestion.content.DeadLetterReason;
import dev.athanor.ingestion.content.Extracted;
import dev.athanor.ingestion.content.Facts;
import dev.athanor.ingestion.format.Licences;
import dev.athanor.ingestion.http.Fetched;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.jspecify.annotations.Nullable;

/**
 * arXiv (https://info.arxiv.org/help/oa/index.html): records by OAI-PMH with resumption tokens; of each the abstract, or the
 * source or PDF; all at three seconds' distance, as arXiv asks. The licence is the paper's own.
 */
final class ArxivConnector implements Connector<SourceSpec.Arxiv> {

    private static final Duration INTERVAL = Duration.ofSeconds(3);
    private static final int MAX_PAGES = 100_000;

    private final Endpoints endpoints;

    ArxivConnector(Endpoints endpoints) {
        this.endpoints = endpoints;
    }

    @Override
    public Class<SourceSpec.Arxiv> spec() {
        return SourceSpec.Arxiv.class;
    }

    @Override
    public long maxItems(SourceSpec.Arxiv source) {
        return source.maxItems();
    }

    @Override
    public List<Item> seeds(SourceSpec.Arxiv source) {
        return List.of(Item.of(Query.url(
                endpoints.arxivOai(),
                "verb",
                "ListRecords",
                "metadataPrefix",
                "arXiv",
                "set",
                source.set(),
                "from",
                source.from() == null ? "" : source.from(),
                "until",
                source.until() == null ? "" : source.until())));
    }

    @Override
    public void read(SourceSpec.Arxiv source, Item item, Reading reading) throws IOException, InterruptedException {
        if (item.facts().isEmpty()) {
            records(source, item, reading);
            return;
        }
        reading.await("arxiv.org", INTERVAL);
        Fetched paper = reading.fetch(item.uri());
        Reading.Known known =
                Reading.Known.of(paper).withUri(item.uri()).withLicence(Licences.normalize(item.fact("licence")));
        for (String fact : List.of("title", "author", "categories", "arxiv")) {
            known = item.fact(fact).isEmpty() ? known : known.withFact(fact, item.fact(fact));
        }
        reading.file(known, paper.file());
    }

    private void records(SourceSpec.Arxiv source, Item item, Reading reading) throws IOException, InterruptedException {
        String url = item.uri();
        long taken = 0;
        for (int page = 0; page < MAX_PAGES && url != null; page++) {
            reading.checkStop();
            reading.await("arxiv.org", INTERVAL);
            Fetched answer = reading.fetch(url);
            Document xml = Jsoup.parse(Query.text(answer), "", Parser.xmlParser());
            Element error = xml.selectFirst("error[code]");
            if (error != null) {
                if (!error.attr("code").equals("noRecordsMatch")) {
                    throw new IOException("OAI-PMH: " + error.attr("code") + " " + error.text());
                }
                return;
            }
            for (Element record : xml.select("record")) {
                if (record.selectFirst("header[status=deleted]") == null) {
                    if (++taken > source.maxItems()) {
                        return;
                    }
                    record(source, record, answer.fetchedAt(), reading);
                }
            }
            Element token = xml.selectFirst("resumptionToken");
            url = token == null || token.text().isBlank()
                    ? null
                    : Query.url(
                            endpoints.arxivOai(),
                            "verb",
                            "ListRecords",
                            "resumptionToken",
                            token.text().strip());
        }
    }

    private void record(SourceSpec.Arxiv source, Element record, String fetchedAt, Reading reading) {
        Element paper = record.selectFirst("arXiv");
        if (paper == null) {
            reading.deadLetter(text(record, "identifier"), DeadLetterReason.CORRUPT, "a record without metadata");
            return;
        }
        String id = text(paper, "id");
        var facts = new TreeMap<String, String>();
        put(facts, "arxiv", id);
        put(facts, "title", text(paper, "title"));
        put(facts, "categories", text(paper, "categories"));
        put(facts, "author", authors(paper));
        put(facts, "licence", text(paper, "license"));
        switch (source.content()) {
            case "abstract" -> {
                facts.put(Facts.FETCHED_AT, fetchedAt);
                String licence = facts.remove("licence");
                reading.document(new Extracted(
                        "https://arxiv.org/abs/" + id,
                        text(paper, "title") + "\n\n" + text(paper, "abstract"),
                        "text/plain",
                        Licences.normalize(licence),
                        "en",
                        facts));
            }
            case "source" -> reading.found(Item.of(endpoints.arxivFiles() + "/e-print/" + id, facts));
            default -> reading.found(Item.of(endpoints.arxivFiles() + "/pdf/" + id, facts));
        }
    }

    /** {@code forenames keyname suffix} of each, as a person would write it. */
    private static String authors(Element paper) {
        return paper.select("author").stream()
                .map(a -> (text(a, "forenames") + " " + text(a, "keyname") + " " + text(a, "suffix")).strip())
                .map(name -> name.replaceAll("\\s+", " "))
                .collect(Collectors.joining("; "));
    }

    private static void put(TreeMap<String, String> facts, String key, String value) {
        if (!value.isEmpty()) {
            facts.put(key, value.substring(0, Math.min(value.length(), 1000)));
        }
    }

    private static String text(@Nullable Element parent, String name) {
        Element first = parent == null ? null : parent.selectFirst(name);
        return first == null ? "" : first.text().strip();
    }
}
