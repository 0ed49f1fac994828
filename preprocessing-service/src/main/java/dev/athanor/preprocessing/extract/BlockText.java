package dev.athanor.preprocessing.extract;

import java.util.Set;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;

/** Writes an element as text: a line for each block, {@code - } before list items, cells joined by {@code |}. */
final class BlockText implements NodeVisitor {

    private static final Set<String> BLOCKS = Set.of(
            "address",
            "article",
            "blockquote",
            "body",
            "caption",
            "center",
            "dd",
            "details",
            "div",
            "dl",
            "dt",
            "figcaption",
            "figure",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "header",
            "hgroup",
            "hr",
            "li",
            "main",
            "ol",
            "p",
            "pre",
            "section",
            "summary",
            "table",
            "tbody",
            "tfoot",
            "thead",
            "tr",
            "ul");

    private final StringBuilder out = new StringBuilder();
    private int preformatted;

    private BlockText() {}

    static String of(Element root) {
        var writer = new BlockText();
        root.traverse(writer);
        return writer.out.toString().strip();
    }

    @Override
    public void head(Node node, int depth) {
        if (node instanceof TextNode text) {
            append(text);
        } else if (node instanceof Element element) {
            String tag = element.normalName();
            if (BLOCKS.contains(tag)) {
                newLine();
                if (tag.equals("li")) {
                    out.append("- ");
                } else if (tag.equals("pre")) {
                    preformatted++;
                }
            } else if (tag.equals("br")) {
                newLine();
            } else if ((tag.equals("td") || tag.equals("th")) && element.previousElementSibling() != null) {
                out.append(" | ");
            }
        }
    }

    @Override
    public void tail(Node node, int depth) {
        if (node instanceof Element element && BLOCKS.contains(element.normalName())) {
            if (element.normalName().equals("pre")) {
                preformatted--;
            }
            newLine();
        }
    }

    private void append(TextNode node) {
        String text = preformatted > 0 ? node.getWholeText() : node.text();
        boolean blankBefore = out.isEmpty() || Character.isWhitespace(out.charAt(out.length() - 1));
        out.append(blankBefore && preformatted == 0 ? text.stripLeading() : text);
    }

    private void newLine() {
        int end = out.length();
        while (end > 0 && out.charAt(end - 1) == ' ') {
            end--;
        }
        out.setLength(end);
        if (end > 0 && out.charAt(end - 1) != '\n') {
            out.append('\n');
        }
    }
}
