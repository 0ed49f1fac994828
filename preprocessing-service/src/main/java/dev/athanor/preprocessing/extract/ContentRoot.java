package dev.athanor.preprocessing.extract;

import org.jsoup.nodes.Element;

/**
 * Finds the smallest element that still holds nearly all of the running text, and goes up again to the article around it, which
 * holds the lead, where that adds little.
 */
final class ContentRoot {

    private static final double NEARLY_ALL = 0.8;

    private static final double LITTLE_MORE = 1.35;
    /** Characters that may always come on top. */
    private static final int LEAD = 400;

    private ContentRoot() {}

    static Element find(Element body, BlockStats stats) {
        Element heaviest = heaviest(body, stats);
        Element best = heaviest;
        int most = (int) (stats.at(heaviest).text * LITTLE_MORE) + LEAD;
        for (Element above = heaviest; above != body && above != null; above = above.parent()) {
            if (stats.at(above).text - stats.at(above).links > most) {
                break;
            }
            if (isArticle(above)) {
                best = above;
            } else if (stats.at(best).headlines == 0 && stats.at(above).headlines > 0) {
                best = above;
            }
        }
        return best;
    }

    private static boolean isArticle(Element element) {
        return element.normalName().equals("article")
                || element.normalName().equals("main")
                || element.hasClass("hentry")
                || element.hasClass("post")
                || element.hasClass("article")
                || element.id().equals("content");
    }

    private static Element heaviest(Element body, BlockStats stats) {
        Element root = body;
        while (true) {
            Element heaviest = null;
            for (Element child : root.children()) {
                if (heaviest == null || stats.at(child).running > stats.at(heaviest).running) {
                    heaviest = child;
                }
            }
            if (heaviest == null
                    || stats.at(heaviest).running < NEARLY_ALL * stats.at(root).running
                    || stats.at(heaviest).running == 0
                    || isLeaf(heaviest)) {
                return root;
            }
            root = heaviest;
        }
    }

    private static boolean isLeaf(Element element) {
        return switch (element.normalName()) {
            case "p", "li", "td", "blockquote", "pre", "dd" -> true;
            default -> false;
        };
    }
}
