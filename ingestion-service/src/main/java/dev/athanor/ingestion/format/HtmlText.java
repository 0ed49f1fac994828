package dev.athanor.ingestion.format;

import java.util.Set;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeTraversor;
import org.jsoup.select.NodeVisitor;

/** Text of HTML that is all content, such as a book's chapter: blocks apart, white space collapsed. */
final class HtmlText {

    private static final Set<String> SKIPPED = Set.of("script", "style", "head", "svg", "math", "template");

    private HtmlText() {}

    static String of(Element root) {
        var out = new StringBuilder();
        NodeTraversor.traverse(
                new NodeVisitor() {
                    private int skipping;

                    @Override
                    public void head(Node node, int depth) {
                        if (node instanceof Element element) {
                            if (SKIPPED.contains(element.normalName())) {
                                skipping++;
                            } else if (element.nameIs("br")) {
                                out.append('\n');
                            } else if (element.isBlock()) {
                                block(out);
                            }
                        } else if (node instanceof TextNode text && skipping == 0) {
                            append(out, text.getWholeText());
                        }
                    }

                    @Override
                    public void tail(Node node, int depth) {
                        if (node instanceof Element element) {
                            if (SKIPPED.contains(element.normalName())) {
                                skipping--;
                            } else if (element.nameIs("td") || element.nameIs("th")) {
                                out.append('\t');
                            } else if (element.isBlock()) {
                                block(out);
                            }
                        }
                    }
                },
                root);
        return out.toString().replaceAll("[ \\t]+\\n", "\n").strip();
    }

    private static void block(StringBuilder out) {
        int n = out.length();
        if (n > 0 && !(n > 1 && out.charAt(n - 1) == '\n' && out.charAt(n - 2) == '\n')) {
            out.append(out.charAt(n - 1) == '\n' ? "\n" : "\n\n");
        }
    }

    private static void append(StringBuilder out, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean space = c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
            if (!space) {
                out.append(c);
            } else if (!out.isEmpty() && !Character.isWhitespace(out.charAt(out.length() - 1))) {
                out.append(' ');
            }
        }
    }
}
