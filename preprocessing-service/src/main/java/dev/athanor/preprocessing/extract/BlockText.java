package dev.athanor.preprocessing.extract;

import java.util.Set;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;

/** Writes an element as text: a line for each block, {@code - } before list items, cells joined by {@code |}. */
final class BlockText implements NodeFilter {

    private static final Set<String> CONTAINERS =
            Set.of("ul", "ol", "dl", "div", "section", "table", "figure", "header", "nav");
    private static final double MOSTLY_LINKS = 0.5;
    private static final double NOTHING_BUT_LINKS = 0.9;
    private static final int LONG_LINK = 150;

    private final StringBuilder out = new StringBuilder();
    private final BlockStats stats;
    private final Element root;
    private int preformatted;
    private int headings;
    private int endOfText;

    private BlockText(Element root, BlockStats stats) {
        this.root = root;
        this.stats = stats;
    }

    static String of(Element root, BlockStats stats) {
        var writer = new BlockText(root, stats);
        root.filter(writer);
        // Headings behind the last text announce what was cut away.
        return writer.out
                .substring(0, Math.min(writer.endOfText, writer.out.length()))
                .strip();
    }

    @Override
    public FilterResult head(Node node, int depth) {
        if (node instanceof TextNode text) {
            append(text);
            return FilterResult.CONTINUE;
        }
        if (!(node instanceof Element element)) {
            return FilterResult.SKIP_ENTIRELY;
        }
        String tag = element.normalName();
        if (element != root && isLinkList(element, tag)) {
            return FilterResult.SKIP_ENTIRELY;
        }
        switch (tag) {
            case "br" -> newLine();
            case "td", "th" -> {
                if (element.previousElementSibling() != null) {
                    out.append(" | ");
                }
            }
            case "li" -> {
                newLine();
                out.append("- ");
            }
            case "pre" -> {
                newLine();
                preformatted++;
            }
            case "h1", "h2", "h3", "h4", "h5", "h6" -> {
                newLine();
                headings++;
            }
            default -> {
                if (!BlockStats.INLINE.contains(tag)) {
                    newLine();
                }
            }
        }
        return FilterResult.CONTINUE;
    }

    private boolean isLinkList(Element element, String tag) {
        BlockStats.Stats block = stats.at(element);
        if (tag.equals("p") || isHeading(tag)) {
            return block.text < LONG_LINK && block.linkDensity() > NOTHING_BUT_LINKS;
        }
        if (!CONTAINERS.contains(tag)) {
            return false;
        }
        return block.running == 0 && block.linkDensity() > MOSTLY_LINKS;
    }

    @Override
    public FilterResult tail(Node node, int depth) {
        if (node instanceof Element element) {
            String tag = element.normalName();
            if (tag.equals("pre")) {
                preformatted--;
            } else if (isHeading(tag)) {
                headings--;
            }
            if (!BlockStats.INLINE.contains(tag) && !tag.equals("td") && !tag.equals("th")) {
                newLine();
            }
        }
        return FilterResult.CONTINUE;
    }

    private void append(TextNode node) {
        String text = preformatted > 0 ? node.getWholeText() : node.text();
        boolean blankBefore = out.isEmpty() || Character.isWhitespace(out.charAt(out.length() - 1));
        out.append(blankBefore && preformatted == 0 ? text.stripLeading() : text);
        if (headings == 0 && !text.isBlank()) {
            endOfText = out.length();
        }
    }

    private static boolean isHeading(String tag) {
        return tag.length() == 2 && tag.charAt(0) == 'h' && tag.charAt(1) >= '1' && tag.charAt(1) <= '6';
    }

    private void newLine() {
        int end = out.length();
        while (end > 0 && out.charAt(end - 1) == ' ') {
            end--;
        }
        // An item that turned out to be empty leaves no dash.
        if (end >= 1 && out.charAt(end - 1) == '-' && (end == 1 || out.charAt(end - 2) == '\n')) {
            end--;
        }
        out.setLength(end);
        if (end > 0 && out.charAt(end - 1) != '\n') {
            out.append('\n');
        }
    }
}
