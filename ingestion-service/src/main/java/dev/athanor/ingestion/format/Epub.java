package dev.athanor.ingestion.format;

import dev.athanor.ingestion.content.BadContentException;
import dev.athanor.ingestion.content.Content;
import dev.athanor.ingestion.content.DeadLetterReason;
import dev.athanor.ingestion.content.Extracted;
import dev.athanor.ingestion.content.Output;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/** EPUB 2 and 3 (https://www.w3.org/TR/epub-33/): the chapters in the order of the spine are one document. */
final class Epub {

    static final String CONTAINER = "META-INF/container.xml";

    private final ZipFile zip;
    private final Content content;

    Epub(ZipFile zip, Content content) {
        this.zip = zip;
        this.content = content;
    }

    void read(Output output) throws IOException {
        Document container = ZipParts.xml(zip, content, CONTAINER);
        Element rootFile = container == null ? null : container.selectFirst("rootfile[full-path]");
        String packagePath = rootFile == null ? "" : rootFile.attr("full-path");
        Document opf = ZipParts.xml(zip, content, packagePath);
        if (opf == null) {
            throw new BadContentException(
                    DeadLetterReason.CORRUPT, "an EPUB without its package '" + packagePath + "'");
        }
        if (encrypted()) {
            throw new BadContentException(DeadLetterReason.ENCRYPTED, "an EPUB with encrypted chapters");
        }
        Map<String, String> hrefs = new HashMap<>();
        for (Element item : opf.select("manifest > item, opf|manifest > opf|item")) {
            hrefs.put(item.attr("id"), item.attr("href"));
        }
        var text = new StringBuilder();
        for (Element itemref : opf.select("spine > itemref, opf|spine > opf|itemref")) {
            content.budget().checkTime();
            String href = hrefs.getOrDefault(itemref.attr("idref"), "");
            ZipArchiveEntry chapter = href.isEmpty() ? null : zip.getEntry(resolve(packagePath, href));
            if (chapter != null) {
                String chapterText = HtmlText.of(
                        Jsoup.parse(ZipParts.text(zip, content, chapter)).body());
                text.append(text.isEmpty() || chapterText.isEmpty() ? "" : "\n\n")
                        .append(chapterText);
            }
            if (text.length() > content.budget().limits().maxDocumentBytes()) {
                throw new BadContentException(
                        DeadLetterReason.TOO_LARGE, "a book of more than " + text.length() + " characters");
            }
        }
        output.document(new Extracted(
                content.uri(),
                text.toString(),
                "text/plain",
                Licences.normalize(dc(opf, "rights")),
                dc(opf, "language").isEmpty() ? null : dc(opf, "language"),
                new Metadata()
                        .put("title", dc(opf, "title"))
                        .put("author", dc(opf, "creator"))
                        .put("published", dc(opf, "date"))
                        .put("identifier", dc(opf, "identifier"))
                        .values()));
    }

    /** Fonts are often scrambled, which takes nothing from the text. */
    private boolean encrypted() throws IOException {
        Document encryption = ZipParts.xml(zip, content, "META-INF/encryption.xml");
        if (encryption == null) {
            return false;
        }
        return encryption.getAllElements().stream()
                .map(e -> e.attr("URI").toLowerCase(java.util.Locale.ROOT))
                .anyMatch(uri -> uri.endsWith("html") || uri.endsWith(".htm") || uri.endsWith(".xml"));
    }

    private static String dc(Document opf, String name) {
        return Xml.text(opf, "dc:" + name);
    }

    /** Path within the archive; {@code ..} cannot lead anywhere, as entries are looked up by name. */
    private static String resolve(String packagePath, String href) {
        String path = URLDecoder.decode(href.split("#", 2)[0].replace("+", "%2B"), StandardCharsets.UTF_8);
        Path folder = Path.of("/" + packagePath).getParent();
        return (folder == null ? Path.of("/") : folder)
                .resolve(path)
                .normalize()
                .toString()
                .substring(1);
    }
}
