package dev.athanor.ingestion.format;

import dev.athanor.ingestion.content.BadContentException;
import dev.athanor.ingestion.content.Content;
import dev.athanor.ingestion.content.DeadLetterReason;
import dev.athanor.ingestion.content.Extracted;
import dev.athanor.ingestion.content.Output;
import java.io.IOException;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/** DOCX (ECMA-376): the paragraphs and tables of the main part; deleted text of tracked changes is left out. */
final class Docx {

    static final String DOCUMENT = "word/document.xml";

    private final ZipFile zip;
    private final Content content;

    Docx(ZipFile zip, Content content) {
        this.zip = zip;
        this.content = content;
    }

    void read(Output output) throws IOException {
        Document main = ZipParts.xml(zip, content, DOCUMENT);
        Document core = ZipParts.xml(zip, content, "docProps/core.xml");
        Element body = main == null ? null : Xml.first(main, "w:body");
        if (body == null) {
            throw new BadContentException(DeadLetterReason.CORRUPT, DOCUMENT + " has no body");
        }
        var text = new StringBuilder();
        blocks(body, text);
        output.document(new Extracted(
                content.uri(),
                text.toString().strip(),
                "text/plain",
                null,
                null,
                core == null
                        ? new Metadata().values()
                        : new Metadata()
                                .put("title", Xml.text(core, "dc:title"))
                                .put("author", Xml.text(core, "dc:creator"))
                                .put("modified", Xml.text(core, "dcterms:modified"))
                                .values()));
    }

    private static void blocks(Element parent, StringBuilder text) {
        for (Element child : parent.children()) {
            switch (child.tagName()) {
                case "w:p" -> {
                    runs(child, text);
                    text.append("\n\n");
                }
                case "w:tr" -> {
                    for (Element cell : child.children()) {
                        var inside = new StringBuilder();
                        blocks(cell, inside);
                        text.append(inside.toString().strip().replaceAll("\\s*\\n\\s*", " "))
                                .append('\t');
                    }
                    text.append('\n');
                }
                default -> blocks(child, text);
            }
        }
    }

    private static void runs(Element paragraph, StringBuilder text) {
        for (Element child : paragraph.children()) {
            switch (child.tagName()) {
                case "w:t" -> text.append(child.wholeText());
                case "w:tab" -> text.append('\t');
                case "w:br", "w:cr" -> text.append('\n');
                case "w:del", "w:pPr", "w:rPr", "w:instrText", "mc:Fallback" -> {}
                default -> runs(child, text);
            }
        }
    }
}
