package dev.athanor.preprocessing.extract;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jsoup.nodes.Comment;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.select.NodeVisitor;

/** Cuts away what is never main content: scripts, forms, navigation, banners, comments, hidden parts. */
final class Boilerplate {

    private static final String TAGS =
            "script, style, noscript, template, iframe, frame, frameset, object, embed, applet, svg, canvas, "
                    + "math annotation, audio, video, source, track, map, form, input, button, select, textarea, label, fieldset, legend, "
                    + "option, nav, footer, aside, dialog, menu, link, meta, datalist, progress";

    private static final String ROLES =
            "[role=navigation], [role=banner], [role=contentinfo], [role=complementary], [role=search], "
                    + "[role=dialog], [role=alertdialog], [role=menu], [role=menubar], [role=toolbar], [hidden], [aria-hidden=true], "
                    + "[aria-modal=true]";

    private static final Pattern BAD_NAME = Pattern.compile(
            "cookie|consent|gdpr|newsletter|subscri|breadcrumb|navigation|navbar|(^|[-_ ])nav($|[-_ ])|menu|sidebar|side-bar|"
                    + "(^|[-_ ])share|social|comment(s|list|-list|_list|-area|-section|-form)?($|[-_ ])|disqus|respond|"
                    + "(^|[-_ ])related|recommend|more-from|read-more|advert|(^|[-_ ])ads?($|[-_ ])|banner|sponsor|promo|popup|modal|"
                    + "overlay|footer|footnav|pagination|pager|skip-link|toolbar|widget|byline-social|tag-list|tags($|[-_ ])|"
                    + "author-box|print-only|screen-reader|visually-hidden|sr-only|login|signup|paywall");

    private static final Pattern GOOD_NAME = Pattern.compile(
            "article|(^|[-_ ])body|content|(^|[-_ ])main|entry|post(-|_)?(body|text|content)|story|hentry");

    private Boilerplate() {}

    static void remove(Document page) {
        page.select(TAGS).remove();
        page.select(ROLES).remove();
        removeComments(page);
        Element body = page.body();
        List<Element> bad = new ArrayList<>();
        body.traverse((NodeVisitor) (node, depth) -> {
            if (node instanceof Element element && element != body && isBad(element)) {
                bad.add(element);
            }
        });
        bad.forEach(Node::remove);
    }

    private static boolean isBad(Element element) {
        String tag = element.normalName();
        if (tag.equals("article") || tag.equals("main") || tag.equals("p") || tag.equals("a") || tag.equals("body")) {
            return false;
        }
        if (tag.equals("header")) {
            return element.selectFirst("h1") == null && element.closest("article") == null;
        }
        if (element.attr("style").replace(" ", "").toLowerCase(Locale.ROOT).contains("display:none")) {
            return true;
        }
        String names = (element.className() + " " + element.id()).toLowerCase(Locale.ROOT);
        return names.length() > 1
                && BAD_NAME.matcher(names).find()
                && !GOOD_NAME.matcher(names).find();
    }

    private static void removeComments(Document page) {
        List<Node> comments = new ArrayList<>();
        page.traverse((node, depth) -> {
            if (node instanceof Comment) {
                comments.add(node);
            }
        });
        comments.forEach(Node::remove);
    }
}
