package dev.athanor.ingestion.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import dev.athanor.ingestion.content.DeadLetterReason;
import dev.athanor.ingestion.content.Extracted;
import dev.athanor.ingestion.content.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.Test;

class FormatsTest {

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] zip(Map<String, byte[]> entries) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            for (var entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
            }
        }
        return out.toByteArray();
    }

    private static byte[] tar(Map<String, byte[]> entries) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(out)) {
            for (var entry : entries.entrySet()) {
                var header = new TarArchiveEntry(entry.getKey());
                header.setSize(entry.getValue().length);
                tar.putArchiveEntry(header);
                tar.write(entry.getValue());
                tar.closeArchiveEntry();
            }
        }
        return out.toByteArray();
    }

    private static Map<String, byte[]> entries(String... namesAndTexts) {
        var entries = new LinkedHashMap<String, byte[]>();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            entries.put(namesAndTexts[i], utf8(namesAndTexts[i + 1]));
        }
        return entries;
    }

    @Test
    void textInEveryCompressionAndArchive() throws IOException {
        byte[] text = utf8("Hello, world.");
        var bzip2 = new ByteArrayOutputStream();
        try (var out = new BZip2CompressorOutputStream(bzip2)) {
            out.write(text);
        }
        byte[] two = gzip(text);
        byte[] members = Arrays.copyOf(two, two.length * 2);
        System.arraycopy(two, 0, members, two.length, two.length);
        assertThat(Read.file("a.txt.gz", gzip(text)).texts()).containsExactly("Hello, world.");
        assertThat(Read.file("two-members.txt.gz", members).texts()).containsExactly("Hello, world.Hello, world.");
        assertThat(Read.file("a.txt.zst", Zstd.compress(text)).texts()).containsExactly("Hello, world.");
        assertThat(Read.file("a.txt.bz2", bzip2.toByteArray()).texts()).containsExactly("Hello, world.");
        Read archive = Read.file("a.tgz", gzip(tar(Map.of("d/a.txt", text, "d/.hidden", text))));
        assertThat(archive.documents).extracting(Extracted::uri).containsExactly("a.tgz!/d/a.txt");
        Read zip = Read.file("a.zip", zip(Map.of("d/a.csv", utf8("text\nrow\n"))));
        assertThat(zip.documents).extracting(Extracted::uri).containsExactly("a.zip!/d/a.csv#row=1");
        assertThat(Read.file("no-extension", Zstd.compress(gzip(text))).texts()).containsExactly("Hello, world.");
    }

    @Test
    void bombsEndAtTheirLimits() throws IOException {
        byte[] zeros = new byte[60 << 20];
        Arrays.fill(zeros, (byte) 'a');
        byte[] bomb = gzip(zeros);
        assertThat(Read.file("bomb.txt.gz", bomb).reasons).contains(DeadLetterReason.EXPANSION_LIMIT);
        assertThat(Read.file("bomb.zip", zip(Map.of("a.txt", zeros))).reasons)
                .contains(DeadLetterReason.EXPANSION_LIMIT);
        assertThat(Read.file("bomb.tgz", gzip(tar(Map.of("a.txt.gz", bomb, "b.txt.gz", bomb)))).reasons)
                .contains(DeadLetterReason.EXPANSION_LIMIT);
        var small = new Limits(1000, 500, 250, 6, Duration.ofSeconds(10));
        assertThat(Read.file("a.txt", new byte[2000], small).reasons).containsExactly(DeadLetterReason.TOO_LARGE);
        assertThat(Read.file("a.txt", utf8("x".repeat(600)), small).reasons)
                .containsExactly(DeadLetterReason.TOO_LARGE);
        byte[] nested = utf8("text");
        for (int i = 0; i < 10; i++) {
            nested = gzip(nested);
        }
        assertThat(Read.file("n.gz", nested).reasons).containsExactly(DeadLetterReason.NESTING_LIMIT);
    }

    @Test
    void aFileHasItsTime() {
        var none = new Limits(1 << 20, 1 << 20, 250, 6, Duration.ofNanos(-1));
        assertThat(Read.file("a.txt", utf8("text"), none).reasons).containsExactly(DeadLetterReason.TIMEOUT);
    }

    @Test
    void whatIsCutOffKeepsWhatCameBefore() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 5000; i++) {
            lines.append("{\"text\":\"line ").append(i * 7919 % 5000).append("\"}\n");
        }
        byte[] whole = gzip(utf8(lines.toString()));
        Read read = Read.file("a.jsonl.gz", Arrays.copyOf(whole, whole.length / 2));
        assertThat(read.documents).hasSizeBetween(1000, 4999);
        assertThat(read.reasons).containsOnly(DeadLetterReason.TRUNCATED);
    }

    @Test
    void epubChaptersInTheOrderOfTheSpine() throws IOException {
        Read book = Read.file(
                "b.epub",
                zip(
                        entries(
                                "mimetype",
                                "application/epub+zip",
                                "META-INF/container.xml",
                                "<container><rootfiles><rootfile full-path=\"OEBPS/c.opf\"/></rootfiles></container>",
                                "OEBPS/c.opf",
                                "<package xmlns:dc=\"x\"><metadata><dc:title>A Book</dc:title><dc:creator>An Author</dc:creator>"
                                        + "<dc:language>en</dc:language><dc:rights>Public Domain</dc:rights></metadata>"
                                        + "<manifest><item id=\"two\" href=\"2.xhtml\"/><item id=\"one\" href=\"t/1.xhtml\"/></manifest>"
                                        + "<spine><itemref idref=\"one\"/><itemref idref=\"two\"/></spine></package>",
                                "OEBPS/2.xhtml",
                                "<html><body><h1>Two</h1><p>Second\n chapter.</p></body></html>",
                                "OEBPS/t/1.xhtml",
                                "<html><head><title>x</title></head><body><h1>One</h1><p>First<br/>chapter.</p></body></html>")));
        assertThat(book.texts()).containsExactly("One\n\nFirst\nchapter.\n\nTwo\n\nSecond chapter.");
        assertThat(book.documents.getFirst().metadata())
                .containsEntry("title", "A Book")
                .containsEntry("author", "An Author");
        assertThat(book.documents.getFirst().licence()).isEqualTo("public-domain");
        assertThat(book.documents.getFirst().language()).isEqualTo("en");
    }

    @Test
    void docxParagraphsAndTablesWithoutWhatWasDeleted() throws IOException {
        Read read = Read.file(
                "d.docx",
                zip(entries(
                        "[Content_Types].xml",
                        "<Types/>",
                        "word/document.xml",
                        "<w:document><w:body><w:p><w:pPr/><w:r><w:t>First </w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
                                + "<w:r><w:t xml:space=\"preserve\">paragraph.</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc>"
                                + "<w:tc><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>",
                        "docProps/core.xml",
                        "<cp:coreProperties><dc:title>T</dc:title></cp:coreProperties>")));
        assertThat(read.texts()).containsExactly("First paragraph.\n\na\tb");
        assertThat(read.documents.getFirst().metadata()).containsEntry("title", "T");
    }

    @Test
    void pdfAlsoEncryptedWithoutAPassword() throws IOException {
        assertThat(Read.file("a.pdf", Pdfs.of("Hello from a page.", "-")).texts())
                .containsExactly("Hello from a page.");
        assertThat(Read.file("a.pdf", Pdfs.of("Owner only.", "")).texts()).containsExactly("Owner only.");
        assertThat(Read.file("a.pdf", Pdfs.of("Secret.", "password")).reasons)
                .containsExactly(DeadLetterReason.ENCRYPTED);
        byte[] whole = Pdfs.of("Cut.", "-");
        assertThat(Read.file("a.pdf", Arrays.copyOf(whole, 40)).documents).isEmpty();
    }

    @Test
    void feedEntriesByTheirAddress() {
        Read rss = Read.file("f.xml", """
                <?xml version="1.0"?><rss version="2.0"><channel><title>The feed</title>
                <item><title>One</title><link>https://e.org/1</link><description>Plain words.</description></item>
                <item><title>Two</title><link>https://e.org/2</link><description>short</description>
                <content:encoded><![CDATA[<p>The whole <b>story</b>.</p>]]></content:encoded></item>
                <item><guid isPermaLink="false">x</guid></item></channel></rss>""");
        assertThat(rss.documents)
                .extracting(Extracted::uri, Extracted::mediaType, Extracted::text)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("https://e.org/1", "text/plain", "One\n\nPlain words."),
                        org.assertj.core.groups.Tuple.tuple(
                                "https://e.org/2", "text/html", "<p>The whole <b>story</b>.</p>"));
        assertThat(rss.reasons).containsExactly(DeadLetterReason.NO_TEXT);
        Read atom = Read.file(
                "f.atom",
                "<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><title>T</title>"
                        + "<link rel=\"self\" href=\"https://e.org/self\"/><link href=\"https://e.org/a\"/><summary>Sum.</summary></entry></feed>");
        assertThat(atom.documents).extracting(Extracted::uri).containsExactly("https://e.org/a");
    }

    @Test
    void articlesOfJatsAndPubMed() {
        Read jats = Read.file("a.nxml", """
                <?xml version="1.0"?><!DOCTYPE article [<!ENTITY x SYSTEM "file:///etc/passwd">]>
                <article xml:lang="en"><front><article-meta><article-id pub-id-type="doi">10.1/x</article-id>
                <title-group><article-title>On <italic>things</italic></article-title></title-group>
                <permissions><license xlink:href="http://creativecommons.org/licenses/by/2.0"><p>Open.</p></license></permissions>
                <abstract><p>Short.</p></abstract></article-meta></front>
                <body><sec><title>Start</title><p>Words &x; and <xref>1</xref>.</p></sec></body>
                <back><ref-list><ref>Gone</ref></ref-list></back></article>""");
        assertThat(jats.texts()).hasSize(1);
        assertThat(jats.texts().getFirst())
                .startsWith("On things\n\nShort.\n\nStart\n\nWords")
                .doesNotContain("Gone", "root:");
        assertThat(jats.documents.getFirst().licence()).isEqualTo("CC-BY-2.0");
        Read pubmed = Read.file("p.xml", """
                <PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>12</PMID><Article><ArticleTitle>T.</ArticleTitle>
                <Abstract><AbstractText Label="AIMS">One.</AbstractText><AbstractText>Two.</AbstractText></Abstract>
                <Language>eng</Language></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>""");
        assertThat(pubmed.texts()).containsExactly("T.\n\nAIMS: One.\n\nTwo.");
        assertThat(pubmed.documents.getFirst().uri()).isEqualTo("p.xml#pmid=12");
    }

    @Test
    void wikitextAsText() {
        Read wiki = Read.file("w.xml", """
                <mediawiki xml:lang="en"><siteinfo><base>https://en.wikipedia.org/wiki/Main_Page</base></siteinfo>
                <page><title>A town</title><ns>0</ns><revision><text>{{Infobox|a={{b}}}}'''A town''' is a [[place|settlement]]
                in [[France]].&lt;ref&gt;Book&lt;/ref&gt; [[File:x.jpg|thumb|A [[nested]] caption]]

                == History ==
                * It was [https://e.org founded].
                {| class="wikitable"
                | cell
                |}</text></revision></page>
                <page><title>Talk:A town</title><ns>1</ns><revision><text>talk</text></revision></page>
                <page><title>B</title><ns>0</ns><redirect title="A town"/><revision><text>#REDIRECT</text></revision></page></mediawiki>""");
        assertThat(wiki.documents).extracting(Extracted::uri).containsExactly("https://en.wikipedia.org/wiki/A_town");
        assertThat(wiki.texts().getFirst())
                .startsWith("A town\n\nA town is a settlement")
                .contains("in France.", "History", "It was founded.")
                .doesNotContain("Infobox", "Book", "caption", "cell", "==", "''");
    }

    @Test
    void latexAsText() {
        Read latex = Read.file("p.tex", """
                \\documentclass{article} \\title{On \\emph{Large} Things} % not this
                \\newcommand{\\x}{y}
                \\begin{document}\\maketitle
                \\section{Intro} We show~\\cite{a,b} that $x^2 = 4$ costs 5\\% of
                na\\"ive ``work''.
                \\begin{figure}\\caption{gone}\\end{figure}
                \\begin{itemize}\\item One \\item Two\\end{itemize}
                \\end{document} behind""");
        assertThat(latex.texts().getFirst())
                .startsWith("On Large Things\n\nIntro\n\nWe show that $x^2 = 4$ costs 5% of naïve “work”.")
                .contains("One", "Two")
                .doesNotContain("gone", "behind", "not this", "\\");
    }

    @Test
    void markdownWithoutItsFrontMatter() {
        Read read = Read.file("r.md", "---\ntitle: \"T\"\nlicense: CC-BY-4.0\n---\n# Head\n\nText.\n");
        assertThat(read.texts()).containsExactly("# Head\n\nText.");
        assertThat(read.documents.getFirst().licence()).isEqualTo("CC-BY-4.0");
        assertThat(read.documents.getFirst().mediaType()).isEqualTo("text/markdown");
    }

    @Test
    void webArchivesGiveTheirPages() throws IOException {
        String page =
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Robots-Tag: noai\r\n\r\n<html><body>Hi</body></html>";
        String missing = "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<html>no</html>";
        String warc = record("response", "https://e.org/a", "application/http; msgtype=response", page)
                + record("response", "https://e.org/b", "application/http; msgtype=response", missing)
                + record("conversion", "https://e.org/c", "text/plain", "Plain text of a page.")
                + record("request", "https://e.org/a", "application/http; msgtype=request", "GET / HTTP/1.1\r\n\r\n");
        for (Read read : new Read[] {Read.file("x.warc", warc), Read.file("x.warc.gz", gzip(utf8(warc)))}) {
            assertThat(read.documents).extracting(Extracted::uri).containsExactly("https://e.org/a", "https://e.org/c");
            assertThat(read.formats).containsExactly("html", "text");
            assertThat(read.documents.getFirst().metadata())
                    .containsEntry("fetched-at", "2026-01-01T00:00:00Z")
                    .containsEntry("robots", "noai");
        }
        assertThat(Read.file(
                                "empty.warc",
                                record("request", "https://e.org/", "application/http", "GET / HTTP/1.1\r\n\r\n"))
                        .reasons)
                .containsExactly(DeadLetterReason.NO_TEXT);
    }

    private static String record(String type, String uri, String contentType, String body) {
        return "WARC/1.0\r\nWARC-Type: " + type + "\r\nWARC-Target-URI: " + uri
                + "\r\nWARC-Date: 2026-01-01T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:"
                + new java.util.UUID(1, uri.hashCode())
                + ">\r\nContent-Type: " + contentType + "\r\nContent-Length: " + utf8(body).length + "\r\n\r\n" + body
                + "\r\n\r\n";
    }

    @Test
    void tablesWithoutATextSayWhatTheyHave() {
        Read read = Read.file("t.csv", "id,price\n1,2\n3,4\n");
        assertThat(read.deadLetters).hasSize(1);
        assertThat(read.deadLetters.getFirst()).contains("no-text-column").contains("[id, price]");
        assertThat(Read.file("t.json", "[{\"text\":\"a\"},{\"n\":1},5]").reasons)
                .containsExactly(DeadLetterReason.NO_TEXT_COLUMN, DeadLetterReason.CORRUPT);
    }

    @Test
    void anyOtherXmlAsItsText() {
        assertThat(Read.file("o.xml", "<r><a><b>Bold</b> move.</a><c>Next</c></r>")
                        .texts())
                .containsExactly("Bold move.\nNext");
    }
}
