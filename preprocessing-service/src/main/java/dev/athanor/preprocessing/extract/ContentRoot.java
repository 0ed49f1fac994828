package dev.athanor.preprocessing.extract;

import java.util.IdentityHashMap;
import java.util.Map;
import org.jsoup.nodes.Element;

/**
 * Finds the element that holds the main text: paragraphs give points to their ancestors, as in Mozilla's Readability, and
 * links take them away.
 */
final class ContentRoot {

    private static final int SHORTEST_PARAGRAPH = 25;
    private static final int ENOUGH_TEXT = 200;

    private ContentRoot() {}

    static Element find(Element body) {
        Map<Element, Double> scores = new IdentityHashMap<>();
        for (Element paragraph :
                body.select("p, pre, td, blockquote, li, dd, h2, h3, div:not(:has(p, div, ul, table))")) {
            String text = paragraph.text();
            if (text.length() >= SHORTEST_PARAGRAPH) {
                double points = 1 + commas(text) + Math.min(3, text.length() / 100);
                points *= 1 - linkDensity(paragraph);
                share(paragraph, points, scores);
            }
        }
        Element best = body;
        double most = 0;
        for (Element element : body.select("*")) {
            Double score = scores.get(element);
            if (score != null && score * (1 - linkDensity(element)) > most) {
                most = score * (1 - linkDensity(element));
                best = element;
            }
        }
        return widen(best, body, scores);
    }

    private static void share(Element paragraph, double points, Map<Element, Double> scores) {
        Element ancestor = paragraph.parent();
        for (int level = 0;
                level < 4 && ancestor != null && !ancestor.normalName().equals("html");
                level++) {
            scores.merge(ancestor, points / (level < 2 ? level + 1 : level * 3), Double::sum);
            ancestor = ancestor.parent();
        }
    }

    /** Goes up while the parent is not much more than this element, or where this one holds too little text. */
    private static Element widen(Element best, Element body, Map<Element, Double> scores) {
        Element root = best;
        while (root != body && root.parent() instanceof Element parent) {
            boolean article =
                    parent.normalName().equals("article") || parent.normalName().equals("main");
            double own = scores.getOrDefault(root, 0.0);
            double above = scores.getOrDefault(parent, 0.0);
            if (article || above > own * 0.75 || root.text().length() < ENOUGH_TEXT) {
                root = parent;
            } else {
                break;
            }
        }
        return root;
    }

    static double linkDensity(Element element) {
        int all = element.text().length();
        if (all == 0) {
            return 0;
        }
        int links = 0;
        for (Element link : element.select("a")) {
            links += link.text().length();
        }
        return Math.min(1, (double) links / all);
    }

    private static int commas(String text) {
        return (int) text.chars()
                .filter(c -> c == ',' || c == '،' || c == '、' || c == '，')
                .count();
    }
}
