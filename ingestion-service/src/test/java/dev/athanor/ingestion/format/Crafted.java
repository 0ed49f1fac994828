package dev.athanor.ingestion.format;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Small files of the formats of which there are no real samples, to be damaged; and files made to do harm. */
final class Crafted {

    private static final String DOC =
            "<w:document xmlns:w=\"w\"><w:body><w:p><w:r><w:t>A paragraph of a document.</w:t></w:r></w:p>"
                    + "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>cell</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>";

    private Crafted() {}

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] gzip(byte[] content) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }

    /** @param namesAndContents a name, its bytes, and so on */
    static byte[] zip(Object... namesAndContents) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ZipOutputStream(bytes)) {
            for (int i = 0; i < namesAndContents.length; i += 2) {
                out.putNextEntry(new ZipEntry((String) namesAndContents[i]));
                out.write((byte[]) namesAndContents[i + 1]);
            }
        }
        return bytes.toByteArray();
    }

    static byte[] tar(Object... namesAndContents) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new TarArchiveOutputStream(bytes)) {
            out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (int i = 0; i < namesAndContents.length; i += 2) {
                var entry = new TarArchiveEntry((String) namesAndContents[i], true);
                byte[] content = (byte[]) namesAndContents[i + 1];
                entry.setSize(content.length);
                out.putArchiveEntry(entry);
                out.write(content);
                out.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    /** Well-formed ones; each gives a document. */
    static List<Sample> wellFormed() throws IOException {
        byte[] epub = zip(
                "mimetype",
                utf8("application/epub+zip"),
                "META-INF/container.xml",
                utf8("<container><rootfiles><rootfile full-path=\"b/c.opf\"/></rootfiles></container>"),
                "b/c.opf",
                utf8(
                        "<package><metadata><dc:title>T</dc:title></metadata><manifest><item id=\"a\" href=\"1.xhtml\""
                                + " media-type=\"application/xhtml+xml\"/></manifest><spine><itemref idref=\"a\"/></spine></package>"),
                "b/1.xhtml",
                utf8("<html><body><h1>One</h1><p>It was a dark night.</p></body></html>"));
        byte[] docx = zip("word/document.xml", utf8(DOC));
        byte[] wiki = utf8(
                "<mediawiki><page><title>T</title><ns>0</ns><revision><text>'''T''' is [[a|the]] {{x|y={{z}}}}"
                        + " thing.\n\n== H ==\n{| class=x\n| a || b\n|}\n<ref>r</ref> More text.</text></revision></page></mediawiki>");
        byte[] latex = utf8("\\documentclass{article}\\newcommand{\\x}[1]{#1}\\begin{document}\\section{S}We show "
                + "\\emph{that $a^2$} \\cite{b}. \\begin{figure}\\caption{c}\\end{figure} % no\nDone.\\end{document}");
        byte[] csv = utf8("id,text\n1,\"a \"\"quoted\"\" row\nof two lines\"\n2,plain\n");
        byte[] jsonl = utf8("{\"text\":\"one \\u00e9\"}\n{\"text\":\"two\",\"x\":[1,{\"y\":null}]}\n");
        byte[] markdown = utf8("---\ntitle: x\n---\n# H\n\nText *here* [l](u).\n\n```\ncode\n```\n");
        List<Sample> all = new ArrayList<>(List.of(
                new Sample("crafted", "book.epub", epub),
                new Sample("crafted", "letter.docx", docx),
                new Sample("crafted", "wiki.xml", wiki),
                new Sample("crafted", "paper.tex", latex),
                new Sample("crafted", "rows.csv", csv),
                new Sample("crafted", "rows.jsonl", jsonl),
                new Sample("crafted", "page.md", markdown),
                new Sample("crafted", "table.tsv", utf8("text\tn\nrow one\t1\n")),
                new Sample("crafted", "one.pdf", Pdfs.of("A page."))));
        byte[] inner = zip("d/rows.csv", csv, "d/paper.tex", latex, "letter.docx", docx);
        all.add(new Sample(
                "crafted", "all.tar.gz", gzip(tar("a/wiki.xml", wiki, "a/inner.zip", inner, "b.epub", epub))));
        all.add(new Sample("crafted", "wiki.xml.zst", Zstd.compress(wiki)));
        all.add(new Sample("crafted", "nested.zip", zip("x.tgz", gzip(tar("y.zip", inner)))));
        return all;
    }

    /** A page whose content is {@code mib} MiB of blanks, deflated once or more often. */
    /** @param header the first two bytes of the deflated stream, which PDFBox passes over */
    private static byte[] pdf(int mib, int layers, int... header) throws IOException {
        byte[] stream = new byte[mib << 20];
        java.util.Arrays.fill(stream, (byte) ' ');
        for (int i = 0; i < layers; i++) {
            var deflated = new ByteArrayOutputStream();
            try (var out = new java.util.zip.DeflaterOutputStream(deflated)) {
                out.write(stream);
            }
            stream = deflated.toByteArray();
        }
        for (int i = 0; i < header.length; i++) {
            stream[i] = (byte) header[i];
        }
        var pdf = new ByteArrayOutputStream();
        pdf.write(utf8(
                "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
                        + "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n4 0 obj<</Length "
                        + stream.length + "/Filter[" + "/FlateDecode ".repeat(layers) + "]>>stream\n"));
        pdf.write(stream);
        pdf.write(utf8("\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"));
        return pdf.toByteArray();
    }

    /** Made to do harm: each must end soon, within its bounds. */
    static List<Sample> hostile() throws IOException {
        var lol = new StringBuilder("<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY l0 \"lol\">");
        for (int i = 1; i < 10; i++) {
            lol.append("<!ENTITY l")
                    .append(i)
                    .append(" \"")
                    .append(("&l" + (i - 1) + ";").repeat(10))
                    .append("\">");
        }
        String laughs = lol + "]>";
        String outside = "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY f SYSTEM \"file:///etc/passwd\">"
                + "<!ENTITY % g SYSTEM \"http://127.0.0.1:1/x.dtd\"> %g;]>";
        byte[] zeros = new byte[8 << 20];
        byte[] ten =
                zip("0.txt", zeros, "1.txt", zeros, "2.txt", zeros, "3.txt", zeros, "4.txt", zeros, "5.txt", zeros);
        byte[] hundred = zip("0.zip", ten, "1.zip", ten, "2.zip", ten, "3.zip", ten, "4.zip", ten, "5.zip", ten);
        byte[] nested = utf8("text");
        for (int i = 0; i < 60; i++) {
            nested = i % 2 == 0 ? zip("n.gz", nested) : gzip(nested);
        }
        Object[] many = new Object[2 * 20_000];
        for (int i = 0; i < many.length; i += 2) {
            many[i] = "f" + i + ".txt";
            many[i + 1] = new byte[0];
        }
        return List.of(
                new Sample("hostile", "laughs.xml", utf8(laughs + "<r>start &l9; end</r>")),
                new Sample(
                        "hostile",
                        "laughs.rss",
                        utf8(laughs + "<rss><channel><item><title>&l9;</title></item></channel></rss>")),
                new Sample(
                        "hostile",
                        "laughs.nxml",
                        utf8(laughs + "<article><body><p>start &l9; end</p></body></article>")),
                new Sample(
                        "hostile", "laughs.docx", zip("word/document.xml", utf8(laughs + DOC.replace("cell", "&l9;")))),
                new Sample("hostile", "outside.xml", utf8(outside + "<r>start &f; end</r>")),
                new Sample(
                        "hostile",
                        "outside.docx",
                        zip("word/document.xml", utf8(outside + DOC.replace("cell", "&f;")))),
                new Sample(
                        "hostile",
                        "slip.zip",
                        zip(
                                "../../../../tmp/slipped.txt",
                                utf8("up"),
                                "/etc/slipped.txt",
                                utf8("root"),
                                "..\\..\\slipped.txt",
                                utf8("windows"))),
                new Sample(
                        "hostile",
                        "slip.tar",
                        tar("../../../../tmp/slipped.txt", utf8("up"), "/etc/slipped.txt", utf8("root"))),
                new Sample("hostile", "bomb.zip", hundred),
                new Sample("hostile", "bomb.pdf", pdf(100, 1)),
                new Sample("hostile", "bomb2.pdf", pdf(100, 2)),
                // A stream of less than two hundred bytes, and one whose header is none.
                new Sample("hostile", "bomb3.pdf", pdf(100, 3)),
                new Sample("hostile", "headless.pdf", pdf(100, 1, 'x', 'y')),
                new Sample("hostile", "nested.zip", nested),
                new Sample("hostile", "many.zip", zip(many)),
                new Sample("hostile", "deep.xml", utf8("<a>".repeat(200_000) + "text" + "</a>".repeat(200_000))),
                new Sample("hostile", "deep.html", utf8("<div>".repeat(200_000) + "text")),
                new Sample("hostile", "deep.json", utf8("[".repeat(200_000) + "]".repeat(200_000))),
                new Sample(
                        "hostile",
                        "deep.jsonl",
                        utf8("{\"text\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}\n")),
                new Sample(
                        "hostile",
                        "deep.tex",
                        utf8("\\documentclass{a}\\begin{document}" + "{\\bf ".repeat(100_000) + "x")),
                new Sample(
                        "hostile",
                        "deep-wiki.xml",
                        utf8("<mediawiki><page><title>T</title><ns>0</ns><revision><text>" + "{{a|[[b|".repeat(50_000)
                                + "</text></revision></page></mediawiki>")),
                new Sample("hostile", "quotes.csv", utf8("text\n\"" + "x,\"\"".repeat(500_000))),
                new Sample(
                        "hostile",
                        "columns.csv",
                        utf8("text" + ",c".repeat(300_000) + "\n" + "v,".repeat(300_000) + "\n")),
                new Sample(
                        "hostile", "attributes.html", utf8("<html><body " + "a=b ".repeat(300_000) + ">text</body>")),
                new Sample("hostile", "entities.html", utf8("<html><body>" + "&amp".repeat(500_000))),
                new Sample(
                        "hostile",
                        "comments.xml",
                        utf8("<?xml version=\"1.0\"?>" + "<!-- - ".repeat(200_000) + "<r>t</r>")),
                new Sample("hostile", "charset.html", utf8("<meta charset=\"UTF-7\">+ADw-script+AD4-")));
    }
}
