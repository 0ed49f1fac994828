package dev.athanor.ingestion.source;

import static dev.athanor.ingestion.http.ReplayServer.answer;
import static dev.athanor.ingestion.http.ReplayServer.ok;
import static dev.athanor.ingestion.http.ReplayServer.status;

import dev.athanor.contracts.spec.SourceSpec;
import dev.athanor.ingestion.http.ReplayServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * One site as it answers, after what was recorded of it; see {@code recorded/SOURCE.md}. One of its documents has the words
 * of the edition in it, so that there can be a second version of the site.
 *
 * @param documents in each edition
 * @param interval least distance that the site asks for between two requests
 */
record RecordedSite(
        String name, SourceSpec source, int documents, Duration interval, BiConsumer<ReplayServer, String> answers) {

    static final String FIRST = "in the first edition";
    static final String SECOND = "in the second edition";

    @Override
    public String toString() {
        return name;
    }

    static List<RecordedSite> all(ReplayServer server) {
        return List.of(
                arxiv(),
                pubMed(),
                pmc(),
                gdelt(),
                newsApi(),
                googleBooks(),
                govInfo(),
                commonCrawl(),
                huggingFace(),
                kaggle(),
                gutenberg(),
                feed(server),
                feedPages(server),
                crawl(server),
                http(server));
    }

    private static RecordedSite arxiv() {
        return new RecordedSite(
                "arxiv",
                new SourceSpec.Arxiv("ax", "cs", "2026-01-01", null, "abstract", 10, null),
                2,
                Duration.ofSeconds(3),
                (server, edition) -> server.on(
                                "/oai?verb=ListRecords&metadataPrefix=arXiv&set=cs&from=2026-01-01",
                                ok("text/xml", text("arxiv-1.xml", server, edition)))
                        .on(
                                "/oai?verb=ListRecords&resumptionToken=verb%253DListRecords%2526skip%253D1",
                                ok("text/xml", text("arxiv-2.xml", server, edition))));
    }

    private static RecordedSite pubMed() {
        return new RecordedSite(
                "pubmed",
                new SourceSpec.PubMed("pm", "pubmed", "heart", "2026-01-01", null, 50, null),
                2,
                Duration.ofMillis(334),
                (server, edition) -> server.on(
                                "/eutils/esearch.fcgi?db=pubmed&term=heart&retmode=json&retmax=50&sort=pub_date"
                                        + "&datetype=edat&mindate=2026%2F01%2F01&maxdate=3000",
                                ok("application/json; charset=UTF-8", text("pubmed-esearch.json", server, edition)))
                        .on(
                                "/eutils/efetch.fcgi?db=pubmed&id=37248244%2C36420896&retmode=xml",
                                ok("text/xml; charset=UTF-8", text("pubmed-efetch.xml", server, edition))));
    }

    private static RecordedSite pmc() {
        return new RecordedSite(
                "pmc",
                new SourceSpec.PubMed("pmc", "pmc", "heart", null, null, 50, null),
                1,
                Duration.ofMillis(334),
                (server, edition) -> server.on(
                                "/eutils/esearch.fcgi?db=pmc&term=heart&retmode=json&retmax=50&sort=pub_date",
                                ok("application/json", text("pubmed-esearch.json", server, edition)))
                        .on(
                                "/eutils/efetch.fcgi?db=pmc&id=37248244%2C36420896&retmode=xml",
                                ok("text/xml", text("pmc-efetch.xml", server, edition))));
    }

    private static RecordedSite gdelt() {
        return new RecordedSite(
                "gdelt",
                new SourceSpec.News("g", "gdelt", "rain", "2026-01-01", null, 5, null),
                2,
                Duration.ZERO,
                (server, edition) -> stories(
                        server.on(
                                "/gdelt/doc/doc?query=rain&mode=artlist&format=json&sort=dateasc&maxrecords=5"
                                        + "&startdatetime=20260101000000",
                                ok("application/json; charset=utf-8", text("gdelt-artlist.json", server, edition))),
                        edition));
    }

    private static RecordedSite newsApi() {
        String query = "/newsapi/everything?q=maps&sortBy=publishedAt&pageSize=100&page=";
        return new RecordedSite(
                "newsapi",
                new SourceSpec.News("n", "newsapi", "maps", null, null, 500, null),
                2,
                Duration.ZERO,
                (server, edition) -> stories(
                        server.on(query + "1", ok("application/json", text("newsapi-everything.json", server, edition)))
                                .on(
                                        query + "2",
                                        answer(
                                                "426 Upgrade Required",
                                                text("newsapi-426.json", server, edition)
                                                        .getBytes(StandardCharsets.UTF_8),
                                                "Content-Type: application/json")),
                        edition));
    }

    private static RecordedSite googleBooks() {
        String query = "/books/volumes?q=sea&filter=full&download=epub&startIndex=";
        return new RecordedSite(
                "google-books",
                new SourceSpec.GoogleBooks("b", "sea", 50, null),
                1,
                Duration.ZERO,
                (server, edition) -> server.on(
                                query + "0&maxResults=40",
                                ok("application/json; charset=UTF-8", text("books-volumes.json", server, edition)))
                        .on(
                                query + "40&maxResults=40",
                                ok("application/json; charset=UTF-8", text("books-end.json", server, edition)))
                        .on(
                                "/books/download/Three_at_sea.epub?id=KW0YAAAAYAAJ&hl=&output=epub&source=gbs_api",
                                ok("application/epub+zip", zip("text.txt", "Call me, " + edition + "."))));
    }

    private static RecordedSite govInfo() {
        return new RecordedSite(
                "govinfo",
                new SourceSpec.GovInfo("gov", "BILLS", "2026-01-01", 10, null),
                1,
                Duration.ZERO,
                (server, edition) -> server.on(
                                "/govinfo/collections/BILLS/2026-01-01T00:00:00Z?offsetMark=*&pageSize=100",
                                ok("application/json", text("govinfo-1.json", server, edition)))
                        .on(
                                "/govinfo/collections/BILLS/2026-01-01T00:00:00Z?offsetMark=AoEpMTE5&pageSize=100",
                                ok("application/json", text("govinfo-2.json", server, edition)))
                        .on(
                                "/govinfo/packages/BILLS-115hr4403rh/htm",
                                ok("text/html", html("Be it enacted " + edition))));
    }

    private static RecordedSite commonCrawl() {
        String index = "/cc-index/CC-MAIN-2026-05-index?url=news.example%2F*&output=json";
        return new RecordedSite(
                "common-crawl",
                new SourceSpec.CommonCrawl("cc", "CC-MAIN-2026-05", List.of("news.example/*"), "warc", 10, null),
                1,
                Duration.ofSeconds(1),
                (server, edition) -> {
                    byte[] record = gzip(warcRecord("https://news.example/a", "hello " + edition));
                    server.on(
                                    index + "&showNumPages=true",
                                    ok("application/json", text("cc-pages.json", server, edition)))
                            .on(
                                    index + "&page=0",
                                    ok(
                                            "text/x-ndjson",
                                            text("cc-index.ndjson", server, edition)
                                                    .replace("{{length}}", Integer.toString(record.length))))
                            .on(
                                    "/cc-data/crawl-data/CC-MAIN-2026-05/segments/1720763517846.73/warc/"
                                            + "CC-MAIN-20260212023442-20260212053442-00443.warc.gz",
                                    answer("206 Partial Content", record, "Content-Type: application/octet-stream"));
                });
    }

    private static RecordedSite huggingFace() {
        String commit = "3ffb306f725f7d2ce8394bc1873b24868140c412";
        return new RecordedSite(
                "hugging-face",
                new SourceSpec.HuggingFace("hf", "o/d", "main", List.of(), "body", null),
                2,
                Duration.ZERO,
                (server, edition) -> server.on(
                                "/hf/api/datasets/o/d/revision/main",
                                ok("application/json; charset=utf-8", text("hf-revision.json", server, edition)))
                        .on(
                                "/hf/api/datasets/o/d/tree/" + commit + "?recursive=true",
                                answer(
                                        "200 OK",
                                        text("hf-tree-1.json", server, edition).getBytes(StandardCharsets.UTF_8),
                                        "Content-Type: application/json; charset=utf-8",
                                        "RateLimit: \"api\";r=499;t=295",
                                        "Link: <" + server.url("/hf/api/datasets/o/d/tree/" + commit)
                                                + "?recursive=true&cursor=ZXlKbWFXeGxYMjVoYldVaU9pSmtZWFJoSW4wPQ%3D%3D>;"
                                                + " rel=\"next\""))
                        .on(
                                "/hf/api/datasets/o/d/tree/" + commit
                                        + "?recursive=true&cursor=ZXlKbWFXeGxYMjVoYldVaU9pSmtZWFJoSW4wPQ%3D%3D",
                                ok("application/json; charset=utf-8", text("hf-tree-2.json", server, edition)))
                        .on(
                                "/hf/datasets/o/d/resolve/" + commit + "/data/train%2000000-of-00001.jsonl",
                                status(
                                        "302 Found",
                                        "X-Repo-Commit: " + commit,
                                        "X-Linked-Size: 40",
                                        "Location: " + server.url("/cdn/55bae5fa27c8?X-Signature=s")))
                        .on(
                                "/cdn/55bae5fa27c8?X-Signature=s",
                                ok(
                                        "binary/octet-stream",
                                        "{\"body\":\"row one\"}\n{\"body\":\"row two " + edition + "\"}\n")));
    }

    private static RecordedSite kaggle() {
        return new RecordedSite(
                "kaggle",
                new SourceSpec.Kaggle("k", "o/s", 3, null, null),
                2,
                Duration.ZERO,
                (server, edition) -> server.on(
                                "/kaggle/datasets/view/o/s",
                                ok("application/json", text("kaggle-view.json", server, edition)))
                        .on(
                                "/kaggle/datasets/download/o/s?datasetVersionNumber=3",
                                status(
                                        "302 Found",
                                        "Location: " + server.url("/storage/archive.zip?X-Goog-Signature=s")))
                        .on(
                                "/storage/archive.zip?X-Goog-Signature=s",
                                ok("application/zip", zip("r.csv", "text\nhello\nagain " + edition + "\n"))));
    }

    private static RecordedSite gutenberg() {
        return new RecordedSite(
                "gutenberg",
                new SourceSpec.Gutenberg("pg", List.of(), List.of("en"), 10, null),
                1,
                Duration.ofSeconds(2),
                (server, edition) -> server.on(
                                "/gutenberg/cache/epub/feeds/pg_catalog.csv",
                                ok("text/csv", text("pg_catalog.csv", server, edition)))
                        .on(
                                "/gutenberg/cache/epub/1/pg1.txt",
                                ok(
                                        "text/plain; charset=utf-8",
                                        text("pg1.txt", server, edition).replace("\n", "\r\n"))));
    }

    private static RecordedSite feed(ReplayServer server) {
        return new RecordedSite(
                "feed",
                new SourceSpec.Feed("blog", List.of(server.url("/feed/"), server.url("/feed2/")), false, null),
                2,
                Duration.ZERO,
                (s, edition) -> s.on("/feed/", ok("application/rss+xml; charset=UTF-8", text("feed.xml", s, edition)))
                        .on(
                                "/feed2/",
                                ok(
                                        "application/rss+xml; charset=UTF-8",
                                        text("feed.xml", s, edition)
                                                .replace("/story/1", "/story/2")
                                                .replace("Long one", "Long one " + edition))));
    }

    private static RecordedSite feedPages(ReplayServer server) {
        return new RecordedSite(
                "feed-pages",
                new SourceSpec.Feed("blog", List.of(server.url("/feed/")), true, null),
                1,
                Duration.ZERO,
                (s, edition) ->
                        stories(s.on("/feed/", ok("application/rss+xml", text("feed.xml", s, edition))), edition));
    }

    private static RecordedSite crawl(ReplayServer server) {
        return new RecordedSite(
                "crawl",
                new SourceSpec.Crawl("site", List.of(server.url("/")), 1, 100, true, true, null),
                3,
                Duration.ZERO,
                (s, edition) -> stories(
                        s.on(
                                        "/robots.txt",
                                        ok(
                                                "text/plain",
                                                "User-agent: *\nDisallow: /private\nCrawl-delay: 0.1\n\nSitemap: "
                                                        + s.url("/sitemap_index.xml") + "\n"))
                                .on(
                                        "/sitemap_index.xml",
                                        ok(
                                                "application/xml",
                                                "<?xml version=\"1.0\"?><sitemapindex"
                                                        + " xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"><sitemap><loc>"
                                                        + s.url("/post-sitemap.xml.gz")
                                                        + "</loc><lastmod>2026-01-02T07:00:00+00:00</lastmod></sitemap></sitemapindex>"))
                                .on(
                                        "/post-sitemap.xml.gz",
                                        ok(
                                                "application/x-gzip",
                                                gzip("<?xml version=\"1.0\"?><urlset"
                                                        + " xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"><url><loc>"
                                                        + s.url("/story/1") + "</loc></url></urlset>")))
                                .on(
                                        "/",
                                        ok(
                                                "text/html",
                                                html("<a href='/story/2#top'>two</a> <a href='/private/x'>x</a>"))),
                        edition));
    }

    private static RecordedSite http(ReplayServer server) {
        return new RecordedSite(
                "http",
                new SourceSpec.Http("web", List.of(server.url("/story/1"), server.url("/story/2")), null, null),
                2,
                Duration.ZERO,
                (s, edition) -> stories(s, edition));
    }

    private static ReplayServer stories(ReplayServer server, String edition) {
        return server.on("/story/1", ok("text/html; charset=utf-8", html("<p>story one " + edition + "</p>")))
                .on("/story/2", ok("text/html; charset=utf-8", html("<p>story two</p>")));
    }

    static String html(String body) {
        return "<html><head><title>t</title></head><body>" + body + "</body></html>";
    }

    /** A file of {@code recorded/}, with the server's address and the edition in their places. */
    static String text(String name, ReplayServer server, String edition) {
        try (InputStream in = RecordedSite.class.getResourceAsStream("/recorded/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("{{base}}", server.url(""))
                    .replace("{{edition}}", edition);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static String warcRecord(String url, String text) {
        String http = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + html(text);
        return "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: " + url
                + "\r\nWARC-Date: 2025-01-01T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0001-0000-000000000001>"
                + "\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: "
                + http.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + http + "\r\n\r\n";
    }

    static byte[] gzip(String text) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }

    static byte[] zip(String name, String content) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ZipOutputStream(bytes)) {
            var entry = new ZipEntry(name);
            entry.setTime(0);
            out.putNextEntry(entry);
            out.write(content.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }
}
