package dev.athanor.ingestion.source;

import static dev.athanor.ingestion.http.ReplayServer.answer;
import static dev.athanor.ingestion.http.ReplayServer.ok;
import static dev.athanor.ingestion.http.ReplayServer.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.spec.SourceSpec;
import dev.athanor.contracts.spec.UploadedFile;
import dev.athanor.ingestion.documents.Ingestion;
import dev.athanor.ingestion.http.ReplayServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each connector against a local server that answers in the form of the real site. */
class ConnectorsTest {

    @TempDir
    Path folder;

    private ReplayServer server;
    private Ingestion ingestion;

    @BeforeEach
    void start() throws IOException {
        server = new ReplayServer();
        ingestion = new Ingestion(
                folder.resolve("store"), Files.createDirectories(folder.resolve("data")), server.url(""), () -> {
                    throw new IllegalStateException("no S3 in this test");
                });
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static byte[] gzip(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static byte[] zip(String name, byte[] content) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ZipOutputStream(bytes)) {
            out.putNextEntry(new ZipEntry(name));
            out.write(content);
        }
        return bytes.toByteArray();
    }

    private static String html(String body) {
        return "<html><head><title>t</title></head><body>" + body + "</body></html>";
    }

    @Test
    void httpUrlsWithErrorsAmongThem() throws Exception {
        server.on("/a.html", status("503 Busy"), ok("text/html; charset=utf-8", html("<p>A</p>")));
        server.on("/b.txt", ok("text/plain", "B"));
        server.on(
                "/noai.html",
                answer(
                        "200 OK",
                        html("x").getBytes(StandardCharsets.UTF_8),
                        "Content-Type: text/html",
                        "X-Robots-Tag: noai"));
        Manifest manifest = ingestion.run(new SourceSpec.Http(
                "web",
                List.of(server.url("/a.html"), server.url("/b.txt"), server.url("/gone"), server.url("/noai.html")),
                null,
                null));
        assertThat(ingestion.documents(manifest))
                .extracting(Document::uri, Document::mediaType, Document::fetchedAt)
                .containsExactly(
                        tuple(server.url("/a.html"), "text/html", "2026-01-02T03:04:05Z"),
                        tuple(server.url("/b.txt"), "text/plain", "2026-01-02T03:04:05Z"));
        assertThat(ingestion.deadLetters(manifest))
                .containsExactly(server.url("/gone") + " http-status", server.url("/noai.html") + " opted-out");
        assertThat(manifest.counts()).containsEntry("documents.dropped.opted-out", 1L);
    }

    @Test
    void unchangedUrlsAreAskedForButNotSentAgain() throws Exception {
        server.on(
                "/a.txt",
                answer("200 OK", bytes("first"), "Content-Type: text/plain", "ETag: \"v1\""),
                status("304 Not Modified", "ETag: \"v1\""));
        server.on(
                "/b.txt",
                answer(
                        "200 OK",
                        bytes("old"),
                        "Content-Type: text/plain",
                        "Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT"),
                answer(
                        "200 OK",
                        bytes("new"),
                        "Content-Type: text/plain",
                        "Last-Modified: Fri, 02 Jan 2026 00:00:00 GMT"),
                status("304 Not Modified"));
        var source = new SourceSpec.Http("web", List.of(server.url("/a.txt"), server.url("/b.txt")), null, null);
        var first = ingestion.runner(Ingestion.spec(source)).run();
        var second = ingestion.runner(Ingestion.spec(first.artifact(), source)).run();
        var third = ingestion.runner(Ingestion.spec(second.artifact(), source)).run();
        assertThat(ingestion.documents(first.manifest()))
                .extracting(Document::text)
                .containsExactly("first", "old");
        assertThat(ingestion.documents(second.manifest()))
                .extracting(Document::text)
                .containsExactly("new");
        assertThat(second.manifest().counts()).containsEntry("items.unchanged", 1L);
        assertThat(ingestion.documents(third.manifest())).isEmpty();
        assertThat(third.manifest().counts()).containsEntry("items.unchanged", 2L);
        assertThat(server.requests.stream().filter(r -> r.target().equals("/a.txt")))
                .extracting(r -> r.headers().get("if-none-match"))
                .containsExactly(null, "\"v1\"", "\"v1\"");
        assertThat(server.requests.stream().filter(r -> r.target().equals("/b.txt")))
                .extracting(r -> r.headers().get("if-modified-since"))
                .containsExactly(null, "Thu, 01 Jan 2026 00:00:00 GMT", "Fri, 02 Jan 2026 00:00:00 GMT");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aTaskThatIsTriedAgainDoesNotFetchAgain() throws Exception {
        server.on("/a.txt", ok("text/plain", "first"), ok("text/plain", "changed meanwhile"));
        server.on("/b.txt", ok("text/plain", "first b"), ok("text/plain", "changed meanwhile"));
        var source = new SourceSpec.Http("web", List.of(server.url("/a.txt"), server.url("/b.txt")), null, null);
        for (long seed = 1; seed <= 3; seed++) {
            Manifest manifest = ingestion
                    .runner(Ingestion.spec(source))
                    .disturbed(seed)
                    .run()
                    .manifest();
            if (seed == 1) {
                assertThat(ingestion.documents(manifest))
                        .extracting(Document::text)
                        .containsExactly("first", "first b");
                assertThat(server.count("/a.txt")).isEqualTo(1);
            }
        }
    }

    @Test
    void feedsAndThePagesThatTheyLinkTo() throws Exception {
        server.on(
                "/feed",
                ok(
                        "application/rss+xml",
                        "<rss><channel><item><title>One</title><link>" + server.url("/1")
                                + "</link><description>Short one.</description></item><item><title>Two</title><link>"
                                + server.url("/2")
                                + "</link></item></channel></rss>"));
        server.on("/1", ok("text/html", html("Page one")));
        Manifest entries = ingestion.run(new SourceSpec.Feed("blog", List.of(server.url("/feed")), false, null));
        assertThat(ingestion.documents(entries)).extracting(Document::text).containsExactly("One\n\nShort one.", "Two");
        Manifest pages = ingestion.run(new SourceSpec.Feed("blog", List.of(server.url("/feed")), true, null));
        assertThat(ingestion.documents(pages)).extracting(Document::uri).containsExactly(server.url("/1"));
        assertThat(ingestion.deadLetters(pages)).containsExactly(server.url("/2") + " http-status");
    }

    @Test
    void crawlsAsRobotsTxtAllows() throws Exception {
        server.on(
                "/robots.txt",
                ok("text/plain", "User-agent: *\nDisallow: /private\nSitemap: " + server.url("/map.xml") + "\n"));
        server.on(
                "/map.xml",
                ok("application/xml", "<urlset><url><loc>" + server.url("/from-map") + "</loc></url></urlset>"));
        server.on(
                "/",
                ok(
                        "text/html",
                        html("<a href='/a#top'>a</a> <a href='/a?utm_source=x'>again</a> <a href='/private/x'>p</a>"
                                + "<a href='http://other.test/'>other</a> <a rel=nofollow href='/skipped'>s</a>")));
        server.on("/a", ok("text/html", html("<a href='/b'>b</a><a href='/'>home</a>")));
        server.on("/b", ok("text/html", html("<a href='/too-deep'>c</a>")));
        server.on(
                "/from-map",
                ok("text/html", "<html><head><meta name=robots content=noindex></head><body>x</body></html>"));
        Manifest manifest =
                ingestion.run(new SourceSpec.Crawl("site", List.of(server.url("/")), 2, 100, true, true, null));
        assertThat(ingestion.documents(manifest))
                .extracting(Document::uri)
                .containsExactlyInAnyOrder(server.url("/"), server.url("/a"), server.url("/b"));
        assertThat(ingestion.deadLetters(manifest))
                .containsExactlyInAnyOrder(
                        server.url("/private/x") + " opted-out", server.url("/from-map") + " opted-out");
        assertThat(server.requests)
                .extracting(ReplayServer.Request::target)
                .doesNotContain("/private/x", "/skipped", "/too-deep");
        assertThat(server.count("/a")).isEqualTo(1);

        Manifest bounded =
                ingestion.run(new SourceSpec.Crawl("site", List.of(server.url("/")), 9, 1, false, true, null));
        assertThat(bounded.counts()).containsEntry("items", 2L); // the seed and one page more
    }

    @Test
    void aSiteWhoseRobotsTxtCannotBeReadIsLeftAlone() throws Exception {
        server.on("/robots.txt", status("500 Error"));
        server.on("/ok.txt", ok("text/plain", "other source"));
        server.on("/", ok("text/html", html("x")));
        Manifest manifest = ingestion.run(
                new SourceSpec.Crawl("site", List.of(server.url("/")), 1, 10, false, true, null),
                new SourceSpec.Http("web", List.of(server.url("/ok.txt")), null, null));
        assertThat(ingestion.deadLetters(manifest)).containsExactly(server.url("/") + " opted-out");
    }

    private static String warcRecord(String url, String text) {
        String http = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + html(text);
        return "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: " + url
                + "\r\nWARC-Date: 2025-01-01T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0001-0000-000000000001>"
                + "\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: "
                + http.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + http + "\r\n\r\n";
    }

    @Test
    void commonCrawlByIndexAndByteRange() throws Exception {
        byte[] record = gzip(warcRecord("https://e.org/a", "hello"));
        String index = "/cc-index/CC-MAIN-2026-05-index?url=e.org%2F*&output=json";
        server.on(
                index + "&showNumPages=true", ok("application/json", "{\"pages\": 2, \"pageSize\": 5, \"blocks\": 6}"));
        server.on(
                index + "&page=0",
                ok(
                        "text/x-ndjson",
                        "{\"url\":\"https://e.org/a\",\"status\":\"200\",\"mime\":\"text/html\","
                                + "\"length\":\"" + record.length
                                + "\",\"offset\":\"1000\",\"filename\":\"crawl-data/x.warc.gz\"}\n"
                                + "{\"url\":\"https://e.org/i\",\"status\":\"200\",\"mime\":\"image/png\",\"length\":\"9\",\"offset\":\"5\",\"filename\":\"f\"}\n"));
        server.on(
                index + "&page=1",
                ok(
                        "text/x-ndjson",
                        "{\"url\":\"https://e.org/404\",\"status\":\"404\",\"mime\":\"text/html\","
                                + "\"length\":\"9\",\"offset\":\"5\",\"filename\":\"f\"}\n"));
        server.on("/cc-data/crawl-data/x.warc.gz", answer("206 Partial Content", record));
        Manifest manifest = ingestion.run(
                new SourceSpec.CommonCrawl("cc", "CC-MAIN-2026-05", List.of("e.org/*"), "wet", 100, null));
        assertThat(ingestion.documents(manifest))
                .extracting(Document::uri, Document::fetchedAt)
                .containsExactly(tuple("https://e.org/a", "2025-01-01T00:00:00Z"));
        assertThat(server.requests.getLast().headers())
                .containsEntry("range", "bytes=1000-" + (1000 + record.length - 1));
    }

    @Test
    void commonCrawlWetFilesInTheOrderOfTheirList() throws Exception {
        server.on(
                "/cc-data/crawl-data/CC-MAIN-2026-05/wet.paths.gz",
                ok("application/gzip", gzip("crawl-data/1.wet.gz\ncrawl-data/2.wet.gz\n")));
        String wet =
                "WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: https://e.org/c\r\nWARC-Date: 2025-01-01T00:00:00Z\r\n"
                        + "WARC-Record-ID: <urn:uuid:00000000-0000-0001-0000-000000000002>\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nPlain\r\n\r\n";
        server.on("/cc-data/crawl-data/1.wet.gz", ok("application/gzip", gzip(wet)));
        Manifest manifest =
                ingestion.run(new SourceSpec.CommonCrawl("cc", "CC-MAIN-2026-05", List.of(), "wet", 1, null));
        assertThat(ingestion.documents(manifest)).extracting(Document::text).containsExactly("Plain");
        assertThat(server.count("/cc-data/crawl-data/2.wet.gz")).isZero();
    }

    @Test
    void gutenbergBooksWithoutHeaderAndLicence() throws Exception {
        server.on(
                "/gutenberg/cache/epub/feeds/pg_catalog.csv",
                ok(
                        "text/csv",
                        "Text#,Type,Issued,Title,Language,Authors,Subjects\n"
                                + "1,Text,2000-01-01,\"A, Book\",en,\"Author, An\",x\n2,Sound,2000-01-01,S,en,B,x\n3,Text,2000-01-01,L,fr,C,x\n"));
        server.on(
                "/gutenberg/cache/epub/1/pg1.txt",
                ok(
                        "text/plain; charset=utf-8",
                        "The Project Gutenberg eBook of A, Book\r\n\r\nTitle: A, Book\r\n"
                                + "*** START OF THE PROJECT GUTENBERG EBOOK A, BOOK ***\r\n\r\nIt began.\r\n\r\n*** END OF THE PROJECT GUTENBERG EBOOK A, BOOK ***\r\nLicence text"));
        Manifest manifest = ingestion.run(new SourceSpec.Gutenberg("pg", List.of(), List.of("en"), 10, null));
        assertThat(ingestion.documents(manifest)).singleElement().satisfies(d -> {
            assertThat(d.text()).isEqualTo("It began.");
            assertThat(d.licence()).isEqualTo("public-domain");
            assertThat(d.language()).isEqualTo("en");
            assertThat(d.metadata()).containsEntry("author", "Author, An").containsEntry("title", "A, Book");
        });
    }

    @Test
    void huggingFaceFilesOfOneCommitWithTheCardsLicence() throws Exception {
        server.on(
                "/hf/api/datasets/o/d/revision/main",
                ok("application/json", "{\"sha\":\"abc\",\"cardData\":{\"license\":\"cc-by-4.0\"}}"));
        server.on(
                "/hf/api/datasets/o/d/tree/abc?recursive=true",
                answer(
                        "200 OK",
                        "[{\"type\":\"file\",\"path\":\"data/train.jsonl\",\"size\":20},{\"type\":\"file\",\"path\":\"README.md\",\"size\":2}]"
                                .getBytes(StandardCharsets.UTF_8),
                        "Link: <" + server.url("/hf/page2") + ">; rel=\"next\""));
        server.on(
                "/hf/page2", ok("application/json", "[{\"type\":\"file\",\"path\":\"data/test.jsonl\",\"size\":20}]"));
        server.on(
                "/hf/datasets/o/d/resolve/abc/data/train.jsonl",
                status("302 Found", "Location: http://localhost:" + server.port() + "/cdn"));
        server.on("/cdn", ok("application/octet-stream", "{\"body\":\"row\"}\n"));
        Manifest manifest =
                ingestion.run(new SourceSpec.HuggingFace("hf", "o/d", "main", List.of("data/train*"), "body", null));
        assertThat(ingestion.documents(manifest)).singleElement().satisfies(d -> {
            assertThat(d.text()).isEqualTo("row");
            assertThat(d.licence()).isEqualTo("CC-BY-4.0");
            assertThat(d.uri()).endsWith("/resolve/abc/data/train.jsonl#row=1");
        });
        assertThat(server.requests.getFirst().headers()).containsEntry("authorization", "Bearer hf-token");
        assertThat(server.requests.getLast().headers()).doesNotContainKey("authorization");
        assertThat(manifest.toString()).doesNotContain("hf-token");
    }

    @Test
    void kaggleArchives() throws Exception {
        server.on("/kaggle/datasets/view/o/s", ok("application/json", "{\"licenseName\":\"CC0-1.0\"}"));
        server.on(
                "/kaggle/datasets/download/o/s?datasetVersionNumber=3",
                ok("application/zip", zip("r.csv", "text\nhello\n".getBytes(StandardCharsets.UTF_8))));
        Manifest manifest = ingestion.run(new SourceSpec.Kaggle("k", "o/s", 3, null, null));
        assertThat(ingestion.documents(manifest)).singleElement().satisfies(d -> {
            assertThat(d.licence()).isEqualTo("CC0-1.0");
            assertThat(d.uri()).isEqualTo("https://www.kaggle.com/datasets/o/s/versions/3!/r.csv#row=1");
        });
        assertThat(server.requests.getFirst().headers()).containsEntry("authorization", "Basic dXNlcjprZXk=");
    }

    private static String oai(String token, String... ids) {
        var records = new StringBuilder("<OAI-PMH><ListRecords>");
        for (String id : ids) {
            records.append("<record><header><identifier>oai:arXiv.org:")
                    .append(id)
                    .append("</identifier></header><metadata><arXiv><id>")
                    .append(id)
                    .append("</id><title>Title ")
                    .append(id)
                    .append("</title><abstract>Abstract.</abstract>")
                    .append(
                            "<license>http://creativecommons.org/licenses/by/4.0/</license></arXiv></metadata></record>");
        }
        return records + "<record><header status=\"deleted\"><identifier>x</identifier></header></record>"
                + "<resumptionToken>" + token + "</resumptionToken></ListRecords></OAI-PMH>";
    }

    @Test
    void arxivAbstractsAndSourcesWithResumptionTokens() throws Exception {
        server.on(
                "/oai?verb=ListRecords&metadataPrefix=arXiv&set=cs&from=2026-01-01",
                ok("text/xml", oai("next|1", "1")));
        server.on(
                "/oai?verb=ListRecords&resumptionToken=next%7C1",
                status("503 Wait", "Retry-After: 5"), ok("text/xml", oai("", "2")));
        Manifest abstracts = ingestion.run(new SourceSpec.Arxiv("ax", "cs", "2026-01-01", null, "abstract", 10, null));
        assertThat(ingestion.documents(abstracts))
                .extracting(Document::uri, Document::text, Document::licence)
                .containsExactly(
                        tuple("https://arxiv.org/abs/1", "Title 1\n\nAbstract.", "CC-BY-4.0"),
                        tuple("https://arxiv.org/abs/2", "Title 2\n\nAbstract.", "CC-BY-4.0"));
        server.on(
                "/arxiv/e-print/1",
                ok("application/gzip", gzip("\\documentclass{a}\\begin{document}We show it.\\end{document}")));
        Manifest sources = ingestion.run(new SourceSpec.Arxiv("ax", "cs", "2026-01-01", null, "source", 1, null));
        assertThat(ingestion.documents(sources))
                .extracting(Document::text, Document::licence)
                .containsExactly(tuple("We show it.", "CC-BY-4.0"));
    }

    @Test
    void pubMedInBatches() throws Exception {
        server.on(
                "/eutils/esearch.fcgi?db=pubmed&term=heart&retmode=json&retmax=3&sort=pub_date&datetype=edat&mindate=2026%2F01%2F01&maxdate=3000",
                ok("application/json", "{\"esearchresult\":{\"count\":\"2\",\"idlist\":[\"7\",\"8\"]}}"));
        server.on(
                "/eutils/efetch.fcgi?db=pubmed&id=7%2C8&retmode=xml",
                ok(
                        "text/xml",
                        "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>7</PMID><Article><ArticleTitle>T.</ArticleTitle></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"));
        Manifest manifest = ingestion.run(new SourceSpec.PubMed("pm", "pubmed", "heart", "2026-01-01", null, 3, null));
        assertThat(ingestion.documents(manifest)).extracting(Document::text).containsExactly("T.");
    }

    @Test
    void newsOfBothProviders() throws Exception {
        server.on(
                "/gdelt/doc/doc?query=rain&mode=artlist&format=json&sort=dateasc&maxrecords=5&startdatetime=20260101000000",
                ok(
                        "application/json",
                        "{\"articles\":[{\"url\":\"" + server.url("/n1")
                                + "\",\"title\":\"N\",\"seendate\":\"20260102T000000Z\"}]}"));
        server.on(
                "/newsapi/everything?q=rain&sortBy=publishedAt&pageSize=100&page=1",
                ok(
                        "application/json",
                        "{\"totalResults\":1,\"articles\":[{\"url\":\"" + server.url("/n2")
                                + "\",\"title\":\"N\",\"publishedAt\":\"2026\"}]}"));
        server.on("/n1", ok("text/html", html("news one")));
        server.on("/n2", ok("text/html", html("news two")));
        Manifest manifest = ingestion.run(
                new SourceSpec.News("g", "gdelt", "rain", "2026-01-01", null, 5, null),
                new SourceSpec.News("n", "newsapi", "rain", null, null, 5, null));
        assertThat(ingestion.documents(manifest))
                .extracting(Document::uri)
                .containsExactly(server.url("/n1"), server.url("/n2"));
        assertThat(server.requests.stream()
                        .filter(r -> r.target().startsWith("/newsapi"))
                        .toList()
                        .getFirst()
                        .headers())
                .containsEntry("x-api-key", "news-key");
    }

    @Test
    void googleBooksInThePublicDomainOnly() throws Exception {
        server.on(
                "/books/volumes?q=sea&filter=full&download=epub&startIndex=0&maxResults=40",
                ok(
                        "application/json",
                        "{\"items\":["
                                + "{\"id\":\"p\",\"accessInfo\":{\"publicDomain\":true,\"epub\":{\"isAvailable\":true,\"downloadLink\":\""
                                + server.url("/p.epub") + "\"}}},"
                                + "{\"id\":\"c\",\"accessInfo\":{\"publicDomain\":false,\"epub\":{\"isAvailable\":true,\"downloadLink\":\""
                                + server.url("/c.epub") + "\"}}}]}"));
        server.on("/p.epub", ok("application/epub+zip", zip("text.txt", "Call me.".getBytes(StandardCharsets.UTF_8))));
        Manifest manifest = ingestion.run(new SourceSpec.GoogleBooks("b", "sea", 5, null));
        assertThat(ingestion.documents(manifest))
                .extracting(Document::text, Document::licence)
                .containsExactly(tuple("Call me.", "public-domain"));
        assertThat(server.count("/c.epub")).isZero();
    }

    @Test
    void govInfoPackagesPageByPage() throws Exception {
        server.on(
                "/govinfo/collections/BILLS/2026-01-01T00:00:00Z?offsetMark=*&pageSize=100",
                ok(
                        "application/json",
                        "{\"packages\":[{\"packageId\":\"B-1\",\"title\":\"An act\"}],\"nextPage\":\""
                                + server.url("/govinfo/next") + "\"}"));
        server.on("/govinfo/next", ok("application/json", "{\"packages\":[],\"nextPage\":null}"));
        server.on("/govinfo/packages/B-1/htm", ok("text/html", html("Be it enacted")));
        Manifest manifest = ingestion.run(new SourceSpec.GovInfo("gov", "BILLS", "2026-01-01", 10, null));
        assertThat(ingestion.documents(manifest))
                .extracting(Document::uri, Document::licence)
                .containsExactly(tuple("https://www.govinfo.gov/app/details/B-1", "public-domain"));
        assertThat(server.requests).allSatisfy(r -> assertThat(r.headers()).containsEntry("x-api-key", "gov-key"));
    }

    @Test
    void aSearchThatFindsMoreThanAnAnswerHoldsIsCutByItsDays() throws Exception {
        String search =
                "/eutils/esearch.fcgi?db=pubmed&term=x&retmode=json&retmax=9999&sort=pub_date&datetype=edat&mindate=";
        server.on(search + "2026%2F01%2F01&maxdate=2026%2F01%2F04", ok("application/json", ids("12000", 1)))
                .on(search + "2026%2F01%2F03&maxdate=2026%2F01%2F04", ok("application/json", ids("2", 1, 2)))
                .on(search + "2026%2F01%2F01&maxdate=2026%2F01%2F02", ok("application/json", ids("1", 3)))
                .on(
                        "/eutils/efetch.fcgi?db=pubmed&id=1%2C2&retmode=xml",
                        ok("text/xml", RecordedSite.text("pubmed-efetch.xml", server, "")))
                .on("/eutils/efetch.fcgi?db=pubmed&id=3&retmode=xml", status("404 Not Found"));
        Manifest manifest =
                ingestion.run(new SourceSpec.PubMed("pm", "pubmed", "x", "2026-01-01", "2026-01-04", 1_000_000, null));
        assertThat(ingestion.documents(manifest))
                .extracting(Document::uri)
                .containsExactly(
                        "https://pubmed.ncbi.nlm.nih.gov/37248244/", "https://pubmed.ncbi.nlm.nih.gov/36420896/");
        assertThat(server.count("/eutils/efetch.fcgi?db=pubmed&id=3&retmode=xml"))
                .isEqualTo(1);
    }

    @Test
    void aDayThatFindsMoreThanAnAnswerHoldsIsSaidToBeIncomplete() throws Exception {
        server.on(
                        "/eutils/esearch.fcgi?db=pubmed&term=x&retmode=json&retmax=9999&sort=pub_date&datetype=edat"
                                + "&mindate=2026%2F01%2F01&maxdate=2026%2F01%2F01",
                        ok("application/json", ids("9999999999999999999", 1, 2)))
                .on(
                        "/eutils/efetch.fcgi?db=pubmed&id=1%2C2&retmode=xml",
                        ok("text/xml", RecordedSite.text("pubmed-efetch.xml", server, "")));
        Manifest manifest =
                ingestion.run(new SourceSpec.PubMed("pm", "pubmed", "x", "2026-01-01", "2026-01-01", 1_000_000, null));
        assertThat(ingestion.documents(manifest)).hasSize(2);
        assertThat(ingestion.deadLetters(manifest))
                .singleElement()
                .satisfies(letter -> assertThat(letter.toString())
                        .contains("mindate=2026%2F01%2F01&maxdate=2026%2F01%2F01", "too-large"));
    }

    @ParameterizedTest
    @CsvSource({"12, 12", "'', 0", "many, 0", "-5, 0", "99999999999999999999999, 9223372036854775807"})
    void aCountIsANumberWithinBounds(String text, long count) {
        assertThat(PubMedConnector.count(text)).isEqualTo(count);
    }

    private static String ids(String count, int... ids) {
        return "{\"header\":{\"type\":\"esearch\",\"version\":\"0.3\"},\"esearchresult\":{\"count\":\"" + count
                + "\",\"retmax\":\"9999\",\"retstart\":\"0\",\"idlist\":["
                + java.util.Arrays.stream(ids)
                        .mapToObj(i -> "\"" + i + "\"")
                        .collect(java.util.stream.Collectors.joining(","))
                + "]}}";
    }

    @Test
    void gdeltGoesOnWhereAFullAnswerEnds() throws Exception {
        String query = "/gdelt/doc/doc?query=rain&mode=artlist&format=json&sort=dateasc&maxrecords=250&startdatetime=";
        server.on(query + "20260101000000", ok("application/json", articles(0, 250)))
                .on(query + "20260101004100", ok("application/json", articles(249, 2)));
        for (int i = 0; i < 4; i++) {
            server.on("/s/" + i, ok("text/plain", "story " + i));
        }
        Manifest manifest = ingestion.run(new SourceSpec.News("g", "gdelt", "rain", "2026-01-01", null, 1000, null));
        assertThat(manifest.counts()).containsEntry("documents", 4L);
    }

    private String articles(int from, int count) {
        var all = new StringBuilder();
        for (int i = from; i < from + count; i++) {
            all.append(all.isEmpty() ? "" : ",")
                    .append("{\"url\":\"" + server.url("/s/" + (i == 250 ? 3 : i % 3))
                            + "\",\"title\":\"t\",\"seendate\":\"20260101T00")
                    .append(String.format("%02d", i * 41 / 249))
                    .append("00Z\"}");
        }
        return "{\"articles\":[" + all + "]}";
    }

    @Test
    void whatASiteSaysOfItselfGoesIntoTheDeadLetter() throws Exception {
        server.on(
                        "/hf/api/datasets/o/d/revision/main",
                        answer(
                                "401 Unauthorized",
                                bytes("{\"error\":\"Repository not found\"}"),
                                "Content-Type: application/json",
                                "X-Error-Code: GatedRepo",
                                "X-Error-Message: Access to dataset o/d is restricted."))
                .on(
                        "/cc-index/CC-MAIN-2026-05-index?url=nothing.example%2F*&output=json&showNumPages=true",
                        answer(
                                "404 Not Found",
                                bytes(RecordedSite.text("cc-none.json", server, "")),
                                "Content-Type: application/json"))
                .on(
                        "/gdelt/doc/doc?query=a+OR+b&mode=artlist&format=json&sort=dateasc&maxrecords=5",
                        ok("text/html", "Queries containing OR'd terms must be surrounded by ().\n"))
                .on("/calm", ok("text/plain", "calm"));
        Manifest manifest = ingestion.run(
                new SourceSpec.HuggingFace("hf", "o/d", "main", List.of(), "body", null),
                new SourceSpec.CommonCrawl("cc", "CC-MAIN-2026-05", List.of("nothing.example/*"), "wet", 100, null),
                new SourceSpec.News("g", "gdelt", "a OR b", null, null, 5, null),
                new SourceSpec.Http("calm", List.of(server.url("/calm")), null, null));
        assertThat(ingestion.lines(manifest, "dead-letters.jsonl.zst"))
                .extracting(
                        l -> l.get("reason").stringValue(), l -> l.get("detail").stringValue())
                .containsExactly(
                        tuple("http-status", "HTTP status 401: Access to dataset o/d is restricted."),
                        tuple(
                                "no-text",
                                "HTTP status 404: {\"message\": \"No Captures found for: nothing.example/*\"}"),
                        tuple(
                                "unreadable",
                                "expected JSON from 127.0.0.1, got: Queries containing OR'd terms must be surrounded by (). "));
    }

    @Test
    void aKeyIsNotSentToAnotherPlaceThatAnAnswerNames() throws Exception {
        server.on(
                        "/govinfo/collections/BILLS/2026-01-01T00:00:00Z?offsetMark=*&pageSize=100",
                        ok("application/json", "{\"packages\":[],\"nextPage\":\"" + server.url("/elsewhere") + "\"}"))
                .on("/calm", ok("text/plain", "calm"));
        Manifest manifest = ingestion.run(
                new SourceSpec.GovInfo("gov", "BILLS", "2026-01-01", 10, null),
                new SourceSpec.Http("calm", List.of(server.url("/calm")), null, null));
        assertThat(ingestion.deadLetters(manifest)).hasSize(1).allMatch(l -> l.endsWith(" unreadable"));
        assertThat(server.count("/elsewhere")).isZero();
    }

    @Test
    void aCourtsOpinionIsReadAsPdfAndARobotsQuestionIsNoBook() throws Exception {
        for (RecordedSite site : RecordedSite.all(server)) {
            if (site.name().equals("govinfo") || site.name().equals("google-books")) {
                site.answers().accept(server, RecordedSite.FIRST);
            }
        }
        server.on(
                "/govinfo/packages/USCOURTS-gamd-1_23-cv-00123/pdf",
                ok("application/pdf", dev.athanor.ingestion.format.Pdfs.of("It is so ordered")));
        server.on(
                "/books/download/Three_at_sea.epub?id=KW0YAAAAYAAJ&hl=&output=epub&source=gbs_api",
                ok("text/html", html("Are you a robot?")));
        Manifest manifest = ingestion.run(
                new SourceSpec.GovInfo("gov", "BILLS", "2026-01-01", 10, null),
                new SourceSpec.GoogleBooks("b", "sea", 50, null));
        assertThat(ingestion.documents(manifest))
                .extracting(Document::uri, Document::licence)
                .containsExactly(
                        tuple("https://www.govinfo.gov/app/details/BILLS-115hr4403rh", "public-domain"),
                        tuple("https://www.govinfo.gov/app/details/USCOURTS-gamd-1_23-cv-00123", "public-domain"));
        assertThat(ingestion.deadLetters(manifest))
                .hasSize(1)
                .allMatch(l -> l.contains(".epub") && l.endsWith("unreadable"));
    }

    @Test
    void aSiteMaySayNoToTrainingInFourWays() throws Exception {
        server.on(
                        "/robots.txt",
                        ok(
                                "text/plain",
                                "User-agent: *\nContent-Signal: search=yes, ai-train=no\nContent-Usage: /open/ train-ai=y\nAllow: /\n"))
                .on("/ai.txt", ok("text/plain", "User-Agent: *\nDisallow: /open/by-ai-txt\n"))
                .on(
                        "/.well-known/tdmrep.json",
                        ok(
                                "application/json",
                                "[{\"location\": \"/open/reserved*\", \"tdm-reservation\": 1, \"tdm-policy\": \"https://x.example/p\"}]"))
                .on(
                        "/open/start",
                        ok(
                                "text/html",
                                html(
                                        "<a href='/signal'>1</a><a href='/open/by-ai-txt'>2</a>"
                                                + "<a href='/open/reserved.html'>3</a><a href='/open/fine'>4</a><a href='/open/header'>5</a>")))
                .on("/signal", ok("text/html", html("by signal")))
                .on("/open/by-ai-txt", ok("text/html", html("by ai.txt")))
                .on("/open/reserved.html", ok("text/html", html("by reservation")))
                .on(
                        "/open/header",
                        answer(
                                "200 OK",
                                bytes(html("by the second of two headers")),
                                "Content-Type: text/html",
                                "X-Robots-Tag: max-snippet:50",
                                "X-Robots-Tag: noai"))
                .on("/open/fine", ok("text/html", html("fine")));
        Manifest manifest = ingestion.run(
                new SourceSpec.Crawl("site", List.of(server.url("/open/start")), 1, 100, false, true, null));
        assertThat(ingestion.documents(manifest))
                .extracting(Document::uri)
                .containsExactlyInAnyOrder(server.url("/open/start"), server.url("/open/fine"));
        assertThat(ingestion.deadLetters(manifest))
                .containsExactlyInAnyOrder(
                        server.url("/signal") + " opted-out",
                        server.url("/open/by-ai-txt") + " opted-out",
                        server.url("/open/reserved.html") + " opted-out",
                        server.url("/open/header") + " opted-out");
        assertThat(server.count("/robots.txt")).isEqualTo(2); // once a task
    }

    @Test
    void uploadedFilesFromTheStore() throws Exception {
        var blob = ingestion.store.put("text\nuploaded row\n".getBytes(StandardCharsets.UTF_8));
        Manifest manifest =
                ingestion.run(new SourceSpec.Upload("up", List.of(new UploadedFile("mine.csv", blob)), null, "MIT"));
        assertThat(ingestion.documents(manifest))
                .extracting(Document::uri, Document::text, Document::licence)
                .containsExactly(tuple("mine.csv#row=1", "uploaded row", "MIT"));
    }
}
