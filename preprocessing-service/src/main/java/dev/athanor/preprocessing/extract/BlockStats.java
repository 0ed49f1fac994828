package dev.athanor.preprocessing.extract;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;

/**
 * Lengths of the text in each block element of a page, found in one walk. Running text is that of blocks with more than a few
 * words that are not mostly links.
 */
final class BlockStats implements NodeVisitor {

    /** Characters; {@code links} is the part of {@code text} inside links. */
    static final class Stats {
        int text;
        int links;
        int running;
        /** Headings that are links. */
        int linkedHeadings;

        int headlines;
        int images;
        private int ownText;
        private int ownLinks;

        double linkDensity() {
            return text == 0 ? 0 : (double) links / text;
        }
    }

    static final Set<String> INLINE = Set.of(
            "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del", "dfn", "em", "font",
            "i", "img", "ins", "kbd", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong",
            "sub", "sup", "time", "tt", "u", "var", "wbr", "o:p", "nobr", "picture");

    private static final int SHORTEST_RUNNING = 50;
    private static final double MOST_LINKS = 0.4;
    private static final double MOSTLY_LINK = 0.8;
    private static final Stats NONE = new Stats();

    private final Map<Element, Stats> stats = new IdentityHashMap<>();
    private final java.util.ArrayDeque<Stats> open = new java.util.ArrayDeque<>();
    private int linkDepth;

    private BlockStats() {}

    static BlockStats of(Element root) {
        var walk = new BlockStats();
        walk.open.push(new Stats());
        root.traverse(walk);
        return walk;
    }

    Stats at(Node element) {
        return stats.getOrDefault(element, NONE);
    }

    @Override
    public void head(Node node, int depth) {
        if (node instanceof TextNode text) {
            int length = visibleLength(text.getWholeText());
            Stats block = open.element();
            block.ownText += length;
            block.ownLinks += linkDepth > 0 ? length : 0;
        } else if (node instanceof Element element) {
            switch (element.normalName()) {
                case "h1" -> open.element().headlines++;
                case "img" -> open.element().images++;
                default -> {}
            }
            if (isLink(element)) {
                linkDepth++;
            } else if (!INLINE.contains(element.normalName())) {
                open.push(new Stats());
            }
        }
    }

    @Override
    public void tail(Node node, int depth) {
        if (!(node instanceof Element element)) {
            return;
        }
        if (isLink(element)) {
            linkDepth--;
        } else if (!INLINE.contains(element.normalName())) {
            Stats block = open.pop();
            block.text += block.ownText;
            block.links += block.ownLinks;
            if (block.ownText >= SHORTEST_RUNNING && block.ownLinks < MOST_LINKS * block.ownText) {
                block.running += block.ownText - block.ownLinks;
            }
            if (block.links > 0 && isHeading(element.normalName()) && block.linkDensity() > MOSTLY_LINK) {
                block.linkedHeadings++;
            }
            stats.put(element, block);
            Stats parent = open.element();
            parent.text += block.text;
            parent.links += block.links;
            parent.running += block.running;
            parent.linkedHeadings += block.linkedHeadings;
            parent.headlines += block.headlines;
            parent.images += block.images;
        }
    }

    /** Links of a heading to a place in the same page, as documentation has them, lead nowhere. */
    private static boolean isLink(Element element) {
        return element.normalName().equals("a")
                && !(element.attr("href").startsWith("#")
                        && element.parent() instanceof Element parent
                        && isHeading(parent.normalName()));
    }

    static boolean isHeading(String tag) {
        return tag.length() == 2 && tag.charAt(0) == 'h' && tag.charAt(1) >= '1' && tag.charAt(1) <= '6';
    }

    /** Chinese, Japanese and Korean need about a third of the characters for the same text. */
    private static final int CJK = 3;

    private static final char FIRST_CJK = '\u2E80';
    private static final char LAST_CJK = '\uD7B0';

    /** Characters, runs of white space counted as one. */
    private static int visibleLength(String text) {
        int length = 0;
        boolean blank = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean space = c <= ' ';
            length += space && blank ? 0 : c >= FIRST_CJK && c < LAST_CJK ? CJK : 1;
            blank = space;
        }
        return blank && length > 0 ? length - 1 : length;
    }
}
