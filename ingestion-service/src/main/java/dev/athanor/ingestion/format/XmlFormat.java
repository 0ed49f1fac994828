package dev.athanor.ingestion.format;

import dev.athanor.ingestion.content.Content;
import dev.athanor.ingestion.content.Extracted;
import dev.athanor.ingestion.content.Output;
import java.io.IOException;
import java.util.Set;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/** XML that no other format knows: the text of its elements, a line for each that has text of its own. */
final class XmlFormat implements Format {

    @Override
    public String name() {
        return "xml";
    }

    @Override
    public Set<String> extensions() {
        return Set.of("xml");
    }

    @Override
    public Set<String> mediaTypes() {
        return Set.of("application/xml", "text/xml");
    }

    @Override
    public boolean looksLike(String head) {
        return head.startsWith("<?xml");
    }

    @Override
    public void read(Content content, Output output) throws IOException {
        Document tree = Xml.tree(content);
        var text = new StringBuilder();
        tree.traverse((node, depth) -> {
            // A text and the inline elements around it belong together: taken at the outermost element with own text.
            if (node instanceof Element element
                    && element.hasText()
                    && !element.ownText().isBlank()
                    && element.parents().stream().noneMatch(p -> !p.ownText().isBlank())) {
                text.append(element.text().strip()).append('\n');
            }
        });
        output.document(new Extracted(
                content.uri(), text.toString().strip(), "text/plain", null, null, new java.util.TreeMap<>()));
    }
}
