package dev.athanor.preprocessing.extract;

import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;

/**
 * The main text of an HTML page: boilerplate elements are cut away, the best content root is the smallest element that holds
 * nearly all running text, and its blocks become lines (tables as cells joined by {@code |}, list items after {@code -}).
 */
public final class MainContentExtractor {

    private static final int SUSPICIOUSLY_SHORT = 250;
    private static final int MUCH_MORE = 2;

    /** @param baseUri where the page was read; only used for resolving links */
    public Page extract(String html, String baseUri) {
        Document page = Jsoup.parse(html, baseUri);
        String language =
                page.selectFirst("html") instanceof Element root && root.hasAttr("lang") ? root.attr("lang") : null;
        String title = title(page);
        String articleBody = html.contains(LinkedData.ARTICLE_BODY) ? LinkedData.articleBody(page) : "";
        Boilerplate.remove(page, true);
        String text = mainText(page);
        if (text.length() < SUSPICIOUSLY_SHORT) {
            // Names can mislead: once more, cutting only what markup itself calls no content.
            Document again = Jsoup.parse(html, baseUri);
            Boilerplate.remove(again, false);
            String more = mainText(again);
            text = more.length() > 2 * text.length() ? more : text;
        }
        // A page that a script fills in, or that hides its text, may still give it away.
        return new Page(title, articleBody.length() > MUCH_MORE * text.length() ? articleBody : text, language);
    }

    private static String mainText(Document page) {
        BlockStats stats = BlockStats.of(page.body());
        return Notices.remove(BlockText.of(ContentRoot.find(page.body(), stats), stats));
    }

    private static @Nullable String title(Document page) {
        Element heading = page.selectFirst("article h1, main h1, h1");
        String title = page.title().strip();
        if (title.isEmpty()) {
            return heading == null || heading.text().isBlank()
                    ? null
                    : heading.text().strip();
        }
        // "Headline | Site": what stands in the page as a heading is the headline.
        if (heading != null
                && !heading.text().isBlank()
                && title.startsWith(heading.text().strip())) {
            return heading.text().strip();
        }
        return title;
    }
}
