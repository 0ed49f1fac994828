package dev.athanor.preprocessing.extract;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.nodes.Comment;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;

/** Cuts away what is not main content: scripts, forms, navigation, banners, comments, hidden parts. */
final class Boilerplate {

    /** Never text to keep. */
    private static final Set<String> DEAD = Set.of(
            "script",
            "style",
            "noscript",
            "template",
            "iframe",
            "frame",
            "frameset",
            "object",
            "embed",
            "applet",
            "svg",
            "canvas",
            "audio",
            "video",
            "source",
            "track",
            "map",
            "input",
            "button",
            "select",
            "textarea",
            "option",
            "link",
            "meta",
            "datalist",
            "progress",
            "dialog",
            "menu",
            "head");

    /** Mostly not main content, unless they hold most of the page. */
    private static final Set<String> WEAK =
            Set.of("nav", "footer", "aside", "form", "label", "fieldset", "legend", "header", "figcaption");

    private static final Set<String> NEVER_BY_NAME = Set.of("article", "main", "a", "h1", "b", "i", "em", "strong");

    private static final Set<String> ROLES = Set.of(
            "navigation",
            "banner",
            "contentinfo",
            "complementary",
            "search",
            "dialog",
            "alertdialog",
            "menu",
            "menubar",
            "toolbar",
            "alert");

    private static final Pattern BAD_NAME = Pattern.compile(
            "cookie|consent|gdpr|newsletter|subscri|breadcrumb|navigation|navbar|(^|[-_ ])nav($|[-_ ])|menu|sidebar|side-bar|"
                    + "(^|[-_ ])shar(e|ing)|social|shariff|(^|[-_ ])comment(?!ary|ator|ated)|kommentar|comentar|disqus|(^|[-_ ])respond($|[-_ ])|"
                    + "relat(ed|ion)|recommend|more-from|read-?(more|also|next)|advert|anzeige|(^|[-_ ])ads?($|[-_ ])|banner|sponsor|"
                    + "promo|popup|modal|overlay|footer|footnav|pagination|pager|skip-link|toolbar|(^| )widget|byline|"
                    + "(^| )tags($|[-_ ])|tag-?(list|cloud|links)|author|"
                    + "(post|entry|article|blog|news)[-_]?(meta|info|date|footer|nav|utility)|(^|[-_ ])meta($|[-_ ])|timestamp|"
                    + "dateline|(^|[-_ ])dates?($|[-_ ])|print-only|screen-reader|visually-hidden|sr-only|login|signup|paywall|outbrain|"
                    + "taboola|jump-to|rating|copyright|credits?($|[-_ ])|caption|mw-editsection|toc($|[-_ ])|noprint|disclosure|"
                    + "disclaimer|interesting|also-?(like|read)|read(ing)?-?time|categor(y|ies)($|[-_ ])|link-?box|feedback|"
                    + "(^|[-_ ])right-?col|sitemap|print-?(button|link)");

    /** Readers' comments, which can be longer than what they are about. */
    private static final Pattern COMMENTS = Pattern.compile(
            "(^|[-_ ])(user-?)?(comments?|kommentare?|comentarios?|commentaires?|commenti|reacties|disqus\\w*|responses)"
                    + "($|[-_ ]?(list|section|area|container|wrapper|thread|body|content|links|stream|box|s)?($|[-_ ]))|commentlist|sect_comment");

    /** Running text beside the comments that makes them not the page itself. */
    private static final int ENOUGH_BESIDE_COMMENTS = 600;

    /** What content systems call the whole of an article, whatever other names stand beside it. */
    private static final Pattern GOOD_NAME = Pattern.compile(
            "hentry|type-(post|page)|(article|entry|post|story|page|main)[-_]?(body|content|text)|(^| )content($| )|elementor-widget");

    /** Under half of the page's running text: a badly named element that holds more is the page itself. */
    private static final double MOST_OF_PAGE = 0.4;

    /** Some content systems put whole pages into a form: one with more running text than this stays. */
    private static final int LARGE_FORM = 200;

    private Boilerplate() {}

    /**
     * @param byName also elements whose class or id names boilerplate; without it the content of {@code noscript} stays too, which
     *     unclosed markup can make the whole page
     */
    static void remove(Document page, boolean byName) {
        List<Node> dead = new ArrayList<>();
        page.traverse((node, depth) -> {
            if (node instanceof Comment || node instanceof Element element && isDead(element, byName)) {
                dead.add(node);
            }
        });
        dead.forEach(Node::remove);
        BlockStats stats = BlockStats.of(page.body());
        removeBad(page.body(), stats, stats.at(page.body()).running, byName);
    }

    private static boolean isDead(Element element, boolean byName) {
        return DEAD.contains(element.normalName())
                && (byName || !element.normalName().equals("noscript"));
    }

    private static void removeBad(Element parent, BlockStats stats, int whole, boolean byName) {
        for (Element child : parent.children()) {
            int running = stats.at(child).running;
            boolean large = running > whole * MOST_OF_PAGE;
            if (large && byName && whole - running >= ENOUGH_BESIDE_COMMENTS && isComments(child)) {
                child.remove();
            } else if (!large && (isBad(child, stats.at(child)) || byName && hasBadName(child))) {
                child.remove();
            } else {
                removeBad(child, stats, whole, byName);
            }
        }
    }

    private static boolean isBad(Element element, BlockStats.Stats block) {
        String tag = element.normalName();
        switch (tag) {
            case "article", "main", "p", "a", "h1", "br", "b", "i", "em", "strong" -> {
                return false;
            }
            case "header" -> {
                return block.running == 0 && element.selectFirst("h1") == null;
            }
            case "form", "fieldset" -> {
                return block.running < LARGE_FORM;
            }
            default -> {}
        }
        if (WEAK.contains(tag)) {
            return true;
        }
        if (element.attributesSize() == 0) {
            return false;
        }
        return ROLES.contains(element.attr("role"))
                || element.hasAttr("hidden")
                || element.attr("aria-hidden").equals("true")
                || isHidden(element.attr("style"));
    }

    private static boolean isComments(Element element) {
        return isNamed(element) && COMMENTS.matcher(names(element)).find();
    }

    private static boolean isNamed(Element element) {
        return (element.hasAttr("class") || element.hasAttr("id")) && !NEVER_BY_NAME.contains(element.normalName());
    }

    private static String names(Element element) {
        return (element.className() + " " + element.id()).toLowerCase(Locale.ROOT);
    }

    private static boolean hasBadName(Element element) {
        if (!isNamed(element)) {
            return false;
        }
        String names = names(element);
        return BAD_NAME.matcher(names).find() && !GOOD_NAME.matcher(names).find();
    }

    private static boolean isHidden(String style) {
        return !style.isEmpty()
                && style.replace(" ", "").toLowerCase(Locale.ROOT).contains("display:none");
    }
}
