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
    private static final int FEWEST_LINKS = 3;
    private static final int LONG_LINK = 150;
    private static final double NEARLY_ALL = 0.8;
    private static final int LONG_LINE = 50;
    /** Characters above the headline that are not of the text: topics, dates, trails of links. */
    private static final int LONGEST_KICKER = 150;
    /** Running text below a linked heading that makes it the heading of a section. */
    private static final int A_PARAGRAPH = 50;

    private final StringBuilder out = new StringBuilder();
    private final BlockStats stats;
    private final Element root;
    private int preformatted;
    private int paragraphs;
    private int headings;
    private int endOfText;
    private int endOfSentences;
    private int lineStart;

    private BlockText(Element root, BlockStats stats) {
        this.root = root;
        this.stats = stats;
    }

    static String of(Element root, BlockStats stats) {
        var writer = new BlockText(root, stats);
        root.filter(writer);
        writer.newLine();
        int end = Math.min(writer.endOfText, writer.out.length());
        // Short lines behind the last sentence are of what was cut away, unless the page has no sentences.
        int endOfSentences = Math.min(writer.endOfSentences, end);
        return writer.out
                .substring(0, endOfSentences >= NEARLY_ALL * end ? endOfSentences : end)
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
                if (element.previousElementSibling() != null && out.length() > lineStart) {
                    out.append(" | ");
                }
            }
            case "li" -> {
                newLine();
                out.append("- ");
            }
            case "p" -> {
                newLine();
                paragraphs++;
            }
            case "pre" -> {
                newLine();
                preformatted++;
            }
            case "h1", "h2", "h3", "h4", "h5", "h6" -> {
                newLine();
                if (tag.equals("h1") && out.length() <= LONGEST_KICKER) {
                    out.setLength(0);
                    lineStart = 0;
                    endOfText = 0;
                    endOfSentences = 0;
                }
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
        if (tag.equals("p") || BlockStats.isHeading(tag)) {
            return block.text < LONG_LINK
                    && block.linkDensity() > NOTHING_BUT_LINKS
                    && !(BlockStats.isHeading(tag) && isFollowedByText(element));
        }
        if (tag.equals("td")) {
            // In a table of data a cell may be a link; navigation has several.
            return block.linkDensity() > NOTHING_BUT_LINKS
                    && element.select("a").size() >= FEWEST_LINKS;
        }
        if (!CONTAINERS.contains(tag)) {
            return false;
        }
        return block.running == 0 && block.linkDensity() > MOSTLY_LINKS;
    }

    private boolean isFollowedByText(Element heading) {
        Element next = heading.nextElementSibling();
        return next != null && stats.at(next).running >= A_PARAGRAPH;
    }

    @Override
    public FilterResult tail(Node node, int depth) {
        if (node instanceof Element element) {
            String tag = element.normalName();
            if (!BlockStats.INLINE.contains(tag) && !tag.equals("td") && !tag.equals("th")) {
                newLine();
            }
            if (tag.equals("pre")) {
                preformatted--;
            } else if (tag.equals("p")) {
                paragraphs--;
            } else if (BlockStats.isHeading(tag)) {
                headings--;
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

    private boolean isSentence(int from, int end) {
        return end - from >= LONG_LINE
                || preformatted > 0
                || paragraphs > 0
                || out.charAt(from) == '-'
                || !Character.isLetterOrDigit(out.charAt(end - 1))
                || out.indexOf(" | ", from) >= 0;
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
            if (endOfText > lineStart && isSentence(lineStart, end)) {
                endOfSentences = end;
            }
            out.append('\n');
            lineStart = end + 1;
        }
    }
}
