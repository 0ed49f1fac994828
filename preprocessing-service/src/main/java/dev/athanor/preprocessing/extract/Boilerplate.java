package dev.athanor.preprocessing.extract;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
            Set.of("nav", "footer", "aside", "form", "label", "fieldset", "legend", "header");

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
                    + "(^|[-_ ])right-?col|sitemap|print-?(button|link)|video-?(js|player|controls)|(^|[-_ ])(vjs|jw)-|jwplayer|(^|[-_ ])player($|[-_ ])|"
                    + "carousel|slick-|swiper|slideshow|(^|[-_ ])(photo-?|image-?|bilder-?|media-?)?galler(y|ies)($|[-_ ])|(^|[-_ ])(gutter|linenos?|line-?numbers?)($|[-_ ])|"
                    + "signature($|[-_ ])|(post|poster|user|message)-?(profile|details|user)($|[-_ ])|userinfo");

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

    private static final int LONGEST_CAPTION = 200;
    private static final int FEWEST_CARDS = 3;
    private static final int LARGEST_CARD = 600;
    private static final int SHORTEST_SLUG = 15;
    private static final Pattern NO_LETTERS = Pattern.compile("[^\\p{L}\\p{N}]+");

    private Boilerplate() {}

    /**
     * @param byName also elements whose class or id names boilerplate; without it the content of {@code noscript} stays too, which
     *     unclosed markup can make the whole page
     */
    static void remove(Document page, boolean byName) {
        List<Node> dead = new ArrayList<>();
        List<Element> captions = new ArrayList<>();
        page.traverse((node, depth) -> {
            if (node instanceof Comment || node instanceof Element element && isDead(element, byName)) {
                dead.add(node);
            } else if (node instanceof Element element && element.normalName().equals("figcaption")) {
                captions.add(element);
            }
        });
        dead.forEach(Node::remove);
        BlockStats stats = BlockStats.of(page.body());
        int whole = stats.at(page.body()).running;
        int inCaptions = captions.stream().mapToInt(c -> stats.at(c).running).sum();
        // A gallery tells its story in the captions.
        captions.forEach(inCaptions > MOST_OF_PAGE * whole ? Element::clearAttributes : Element::remove);
        removeBad(page.body(), stats, whole, byName);
    }

    private static boolean isDead(Element element, boolean byName) {
        return DEAD.contains(element.normalName())
                && (byName || !element.normalName().equals("noscript"));
    }

    private static void removeBad(Element parent, BlockStats stats, int whole, boolean byName) {
        removeCards(parent, stats, whole);
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

    /** Three or more short parts with a linked heading each, side by side, are pointers to other pages, unless they are the page. */
    private static void removeCards(Element parent, BlockStats stats, int whole) {
        if (stats.at(parent).linkedHeadings < FEWEST_CARDS) {
            return;
        }
        Map<String, List<Element>> byTag = new TreeMap<>();
        for (Element child : parent.children()) {
            BlockStats.Stats card = stats.at(child);
            if (card.linkedHeadings > 0 && card.text <= LARGEST_CARD && !BlockStats.isHeading(child.normalName())) {
                byTag.computeIfAbsent(child.normalName(), tag -> new ArrayList<>())
                        .add(child);
            }
        }
        for (List<Element> cards : byTag.values()) {
            int running =
                    cards.stream().mapToInt(card -> stats.at(card).running).sum();
            if (cards.size() >= FEWEST_CARDS && running <= whole * MOST_OF_PAGE) {
                cards.forEach(Element::remove);
            }
        }
    }

    private static boolean isBad(Element element, BlockStats.Stats block) {
        if (isHidden(element)) {
            return true;
        }
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
        if (WEAK.contains(tag) || isCaptionedImage(element, tag, block)) {
            return true;
        }
        if (element.attributesSize() == 0) {
            return false;
        }
        return ROLES.contains(element.attr("role"));
    }

    /** An image with a line below it that names who took it or says what it shows. */
    private static boolean isCaptionedImage(Element element, String tag, BlockStats.Stats block) {
        return (tag.equals("div") || tag.equals("figure"))
                && block.text > 0
                && block.text <= LONGEST_CAPTION
                && block.links < block.text
                && block.images > 0
                && element.selectFirst("p, h1, h2, h3, h4, h5, h6, li, table, pre, blockquote") == null;
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

    /** An id made of the words of the part's own heading says what the part is about, not what it is for. */
    private static boolean isNamedAfterHeading(Element element) {
        String id = letters(element.id());
        if (id.length() < SHORTEST_SLUG) {
            return false;
        }
        Element heading = element.selectFirst("h1, h2, h3, h4, h5, h6");
        return heading != null && letters(heading.text()).startsWith(id);
    }

    private static String letters(String text) {
        return NO_LETTERS.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("");
    }

    private static boolean hasBadName(Element element) {
        if (!isNamed(element)) {
            return false;
        }
        String names = names(element);
        return BAD_NAME.matcher(names).find() && !GOOD_NAME.matcher(names).find() && !isNamedAfterHeading(element);
    }

    private static boolean isHidden(Element element) {
        if (element.attributesSize() == 0) {
            return false;
        }
        String style = element.attr("style");
        return element.hasAttr("hidden")
                || element.attr("aria-hidden").equals("true")
                || !style.isEmpty()
                        && style.replace(" ", "").toLowerCase(Locale.ROOT).contains("display:none");
    }
}
