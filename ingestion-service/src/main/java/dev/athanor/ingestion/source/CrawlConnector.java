package dev.athanor.ingestion.source;

import dev.athanor.contracts.spec.SourceSpec;
import dev.athanor.ingestion.content.Facts;
import dev.athanor.ingestion.http.Fetched;
import dev.athanor.ingestion.http.Urls;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.jspecify.annotations.Nullable;

/**
 * A polite web crawler, breadth first: a round of tasks for each depth. robots.txt with its crawl delay, sitemaps, canonical
 * addresses, nofollow and noindex (the policy keeps such pages out), one distance for all requests to a host.
 */
final class CrawlConnector implements Connector<SourceSpec.Crawl> {

    private static final int MAX_LINKS = 5000;
    private static final int MAX_SITEMAP_DEPTH = 3;

    private final Robots robots;

    CrawlConnector(Robots robots) {
        this.robots = robots;
    }

    @Override
    public Class<SourceSpec.Crawl> spec() {
        return SourceSpec.Crawl.class;
    }

    @Override
    public long maxItems(SourceSpec.Crawl source) {
        return source.maxPages();
    }

    @Override
    public List<Item> seeds(SourceSpec.Crawl source) {
        List<Item> items = new ArrayList<>();
        for (String seed : source.seeds()) {
            String url = CanonicalUrl.of(seed);
            if (url != null) {
                items.add(page(url, 0));
            }
        }
        return items.stream().distinct().limit(source.maxPages()).toList();
    }

    private static Item page(String url, int depth) {
        return Item.of(url, Map.of("depth", Integer.toString(depth)));
    }

    @Override
    public void read(SourceSpec.Crawl source, Item item, Reading reading) throws IOException, InterruptedException {
        if (!item.fact("sitemap").isEmpty()) {
            sitemap(source, item, reading);
            return;
        }
        int depth = Integer.parseInt(item.fact("depth"));
        if (depth == 0 && source.sitemaps()) {
            for (String sitemap : robots.of(Urls.parse(item.uri()), reading).sitemaps()) {
                reading.found(Item.of(sitemap, Map.of("sitemap", "1")));
            }
        }
        SortedMap<String, String> consent = robots.check(item.uri(), reading);
        if (depth < source.maxDepth()) {
            page(source, item, depth, consent, reading.fetch(item.uri()), reading);
        } else {
            // Of the deepest pages no links are wanted, so that unchanged ones need not be read.
            reading.refetch(item.uri(), page -> page(source, item, depth, consent, page, reading));
        }
    }

    private void page(
            SourceSpec.Crawl source,
            Item item,
            int depth,
            SortedMap<String, String> asked,
            Fetched page,
            Reading reading)
            throws IOException, InterruptedException {
        // A redirect may have led to a page that robots.txt closes.
        SortedMap<String, String> consent = page.url().toString().equals(item.uri())
                ? asked
                : robots.check(page.url().toString(), reading);
        if (depth < source.maxDepth() && isHtml(page)) {
            links(source, page, depth, reading);
        }
        reading.file(Reading.Known.of(page).withConsent(consent), page.file());
    }

    private static boolean isHtml(Fetched page) {
        String type = page.mediaType();
        return type == null || type.contains("html");
    }

    private void links(SourceSpec.Crawl source, Fetched page, int depth, Reading reading) throws IOException {
        Document html = Jsoup.parse(Query.text(page), page.url().toString());
        Element meta = html.selectFirst("meta[name~=(?i)^robots$]");
        String directives = (meta == null ? "" : meta.attr("content").toLowerCase(Locale.ROOT)) + ","
                + page.facts().getOrDefault(Facts.ROBOTS, "");
        if (directives.contains("nofollow") || directives.matches(".*\\bnone\\b.*")) {
            return;
        }
        Set<String> hosts = hosts(source);
        html.select("a[href]").stream()
                .limit(MAX_LINKS)
                .filter(a -> !a.attr("rel").toLowerCase(Locale.ROOT).contains("nofollow"))
                .map(a -> CanonicalUrl.of(a.absUrl("href")))
                .filter(url -> url != null && within(source, hosts, url))
                .forEach(url -> reading.found(page(String.valueOf(url), depth + 1)));
    }

    private void sitemap(SourceSpec.Crawl source, Item item, Reading reading) throws IOException, InterruptedException {
        int level = Integer.parseInt(item.fact("sitemap"));
        Set<String> hosts = hosts(source);
        robots.check(item.uri(), reading);
        Fetched answer = reading.fetch(item.uri());
        Document xml = Jsoup.parse(Query.text(answer), "", Parser.xmlParser());
        for (Element loc : xml.select("sitemap > loc")) {
            if (level < MAX_SITEMAP_DEPTH) {
                reading.found(
                        Item.of(loc.text().strip(), new TreeMap<>(Map.of("sitemap", Integer.toString(level + 1)))));
            }
        }
        for (Element loc : xml.select("url > loc")) {
            String url = CanonicalUrl.of(loc.text());
            if (url != null && within(source, hosts, url)) {
                reading.found(page(url, 1));
            }
        }
    }

    private static Set<String> hosts(SourceSpec.Crawl source) {
        return source.seeds().stream().map(CrawlConnector::host).collect(Collectors.toSet());
    }

    private static boolean within(SourceSpec.Crawl source, Set<String> hosts, @Nullable String url) {
        return url != null && (!source.stayOnHost() || hosts.contains(host(url)));
    }

    private static String host(String url) {
        String canonical = CanonicalUrl.of(url);
        return canonical == null ? "" : URI.create(canonical).getHost();
    }
}
