package dev.athanor.ingestion.format;

import dev.athanor.ingestion.charset.Decoded;
import dev.athanor.ingestion.charset.TextDecoder;
import dev.athanor.ingestion.content.Content;
import dev.athanor.ingestion.content.Extracted;
import dev.athanor.ingestion.content.Output;
import java.io.IOException;
import java.util.Set;
import java.util.TreeMap;

/** HTML and XHTML: the markup, decoded; preprocessing extracts the text. Title, language and licence are read here. */
final class HtmlFormat implements Format {

    @Override
    public String name() {
        return "html";
    }

    @Override
    public Set<String> extensions() {
        return Set.of("html", "htm", "xhtml", "shtml");
    }

    @Override
    public Set<String> mediaTypes() {
        return Set.of("text/html", "application/xhtml+xml");
    }

    @Override
    public boolean magic(byte[] head) {
        return Xml.root(head).equalsIgnoreCase("html");
    }

    @Override
    public boolean looksLike(String head) {
        return head.startsWith("<!doctype html")
                || head.startsWith("<html")
                || head.contains("<html")
                || head.contains("<body")
                || (head.startsWith("<") && (head.contains("<head") || head.contains("<div") || head.contains("<p>")));
    }

    @Override
    public void read(Content content, Output output) throws IOException {
        Decoded decoded = TextDecoder.decode(content.bytes(), content.charset());
        HtmlHead head = HtmlHead.of(decoded.text());
        var metadata = new TreeMap<>(decoded.metadata());
        metadata.putAll(head.metadata());
        output.document(
                new Extracted(content.uri(), decoded.text(), "text/html", head.licence(), head.language(), metadata));
    }
}
