package dev.athanor.ingestion.format;

import dev.athanor.ingestion.charset.TextDecoder;
import dev.athanor.ingestion.content.Content;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.jsoup.parser.StreamParser;

/** XML through jsoup's lenient parser: it knows no external entities and no entity expansion, and reads what is cut off. */
final class Xml {

    private static final int MAX_DEPTH = 256;

    private static final Pattern FIRST_ELEMENT = Pattern.compile("<([A-Za-z_][A-Za-z0-9_.:-]*)");

    private Xml() {}

    /** Name of the first element in the first bytes, as written; empty if there is none or it is not XML. */
    static String root(byte[] head) {
        String text = new String(head, StandardCharsets.ISO_8859_1).replace("\u0000", "");
        int start = text.indexOf('<');
        // A byte order mark or white space may stand before it, but no text.
        if (start < 0 || start > 8 && !text.substring(0, start).isBlank()) {
            return "";
        }
        // Comments may hold anything that looks like an element.
        String bare = text.replaceAll("(?s)<!--.*?(-->|$)", "");
        Matcher first = FIRST_ELEMENT.matcher(bare);
        return first.find() ? first.group(1) : "";
    }

    /** The whole as a tree; its size is bounded by the limit of a document. */
    static Document tree(Content content) throws IOException {
        return Parser.xmlParser()
                .setMaxDepth(MAX_DEPTH)
                .parseInput(
                        TextDecoder.decode(content.bytes(), content.charset()).text(), "");
    }

    /** For files of any size: elements one by one, each removed once it was read. */
    static StreamParser stream(Content content) throws IOException {
        return new StreamParser(Parser.xmlParser().setMaxDepth(MAX_DEPTH))
                .parse(TextDecoder.reader(content.stream(), content.charset()), "");
    }

    /** Text of the first element of this name below, or empty. */
    static String text(Element parent, String name) {
        Element first = first(parent, name);
        return first == null ? "" : first.text().strip();
    }

    static @org.jspecify.annotations.Nullable Element first(Element parent, String name) {
        return parent.getElementsByTag(name).first();
    }
}
