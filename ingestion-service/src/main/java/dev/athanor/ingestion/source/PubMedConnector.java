package dev.athanor.ingestion.source;

import dev.athanor.contracts.spec.SourceSpec;
import dev.athanor.ingestion.content.DeadLetterReason;
import dev.athanor.ingestion.content.NcbiPages;
import dev.athanor.ingestion.http.Fetched;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * PubMed and PubMed Central by NCBI's E-utilities (https://www.ncbi.nlm.nih.gov/books/NBK25501/): a search gives ids, which
 * are fetched in batches as XML; {@code PubMedFormat} and {@code JatsFormat} read that. A search that finds more than one
 * answer may hold is cut in two by its days, until each part fits; of a single day that does not, the newest are read, and a
 * dead letter says how many were not.
 */
final class PubMedConnector implements Connector<SourceSpec.PubMed> {

    /** The search gives no more than this many ids for one query. */
    static final int SEARCH_LIMIT = 9_999;

    private static final int CITATIONS = 200;
    private static final int ARTICLES = 20;

    /** Three requests a second are allowed without a key. */
    private static final Duration INTERVAL = Duration.ofMillis(350);

    /** Before the oldest entry. */
    private static final LocalDate FIRST_DAY = LocalDate.of(1900, 1, 1);

    private final Endpoints endpoints;

    PubMedConnector(Endpoints endpoints) {
        this.endpoints = endpoints;
    }

    private record Days(@Nullable LocalDate from, @Nullable LocalDate until) {}

    @Override
    public Class<SourceSpec.PubMed> spec() {
        return SourceSpec.PubMed.class;
    }

    @Override
    public List<Item> seeds(SourceSpec.PubMed source) {
        return List.of(Item.of(source.database() + ":" + source.query(), Map.of("kind", "search")));
    }

    @Override
    public void read(SourceSpec.PubMed source, Item item, Reading reading) throws IOException, InterruptedException {
        if (item.fact("kind").equals("search")) {
            search(source, reading);
            return;
        }
        Fetched answer = ask(item.uri(), reading);
        // Each document gets the address of its own page, which is the same however ids are put into batches.
        String site = source.database().equals("pmc") ? NcbiPages.PMC : NcbiPages.PUBMED;
        reading.file(Reading.Known.of(answer).withUri(site).withName("batch.xml"), answer.file());
    }

    private void search(SourceSpec.PubMed source, Reading reading) throws IOException, InterruptedException {
        long left = source.maxItems();
        var days = new ArrayDeque<>(List.of(new Days(day(source.from()), day(source.until()))));
        while (!days.isEmpty() && left > 0) {
            reading.checkStop();
            Days part = days.pop();
            Fetched answer = ask(searchUrl(source, part, left), reading);
            JsonNode result = Query.json(answer).path("esearchresult");
            if (!Query.at(result, "ERROR").isEmpty()) {
                throw new IOException("E-utilities: " + Query.at(result, "ERROR"));
            }
            long count = count(Query.at(result, "count"));
            LocalDate from = part.from() == null ? FIRST_DAY : part.from();
            LocalDate until =
                    part.until() == null ? LocalDate.parse(answer.fetchedAt().substring(0, 10)) : part.until();
            boolean more = count > SEARCH_LIMIT && left > SEARCH_LIMIT;
            if (more && from.isBefore(until)) {
                LocalDate middle = LocalDate.ofEpochDay(Math.floorDiv(from.toEpochDay() + until.toEpochDay(), 2L));
                days.push(new Days(from, middle));
                days.push(new Days(middle.plusDays(1), until)); // the newer half first
                continue;
            }
            List<String> ids = new ArrayList<>();
            result.path("idlist").forEach(id -> ids.add(id.asString("")));
            List<String> wanted = ids.subList(0, (int) Math.min(ids.size(), left));
            left -= wanted.size();
            batches(source, wanted, reading);
            if (more) {
                reading.deadLetter(
                        answer.url().toString(),
                        DeadLetterReason.TOO_LARGE,
                        "E-utilities found " + count + " on " + from + " and gives no more than " + SEARCH_LIMIT
                                + " of a search; use several narrower queries");
            }
        }
    }

    /** 0 where there is no number; one that is too large for a long is as large as that can be. */
    static long count(String text) {
        String digits = text.strip();
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return 0;
        }
        return digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
    }

    private void batches(SourceSpec.PubMed source, List<String> ids, Reading reading) {
        int batch = source.database().equals("pmc") ? ARTICLES : CITATIONS;
        for (int i = 0; i < ids.size(); i += batch) {
            reading.found(Item.of(Query.url(
                    endpoints.eutils() + "/efetch.fcgi",
                    "db",
                    source.database(),
                    "id",
                    String.join(",", ids.subList(i, Math.min(i + batch, ids.size()))),
                    "retmode",
                    "xml")));
        }
    }

    private String searchUrl(SourceSpec.PubMed source, Days days, long most) {
        boolean dated = days.from() != null || days.until() != null;
        return Query.url(
                endpoints.eutils() + "/esearch.fcgi",
                "db",
                source.database(),
                "term",
                source.query(),
                "retmode",
                "json",
                "retmax",
                Long.toString(Math.min(most, SEARCH_LIMIT)),
                "sort",
                "pub_date",
                "datetype",
                dated ? "edat" : "",
                "mindate",
                dated ? slashes(days.from() == null ? FIRST_DAY : days.from()) : "",
                "maxdate",
                dated ? (days.until() == null ? "3000" : slashes(days.until())) : "");
    }

    private static Fetched ask(String url, Reading reading) throws IOException, InterruptedException {
        reading.await("eutils", INTERVAL);
        return reading.fetch(url);
    }

    private static @Nullable LocalDate day(@Nullable String day) {
        return day == null ? null : LocalDate.parse(day);
    }

    private static String slashes(LocalDate day) {
        return day.toString().replace('-', '/');
    }
}
