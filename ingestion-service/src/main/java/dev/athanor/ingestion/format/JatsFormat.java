package dev.athanor.ingestion.format;

import dev.athanor.ingestion.content.Content;
import dev.athanor.ingestion.content.DeadLetterReason;
import dev.athanor.ingestion.content.Extracted;
import dev.athanor.ingestion.content.NcbiPages;
import dev.athanor.ingestion.content.Output;
import java.io.IOException;
import java.util.Set;
import org.jsoup.nodes.Comment;
import org.jsoup.nodes.Element;
import org.jsoup.parser.StreamParser;
import org.jspecify.annotations.Nullable;

/**
 * JATS and NLM articles (https://jats.nlm.nih.gov), one or many in a file, as PubMed Central has them: title, abstract and
 * body with headings; without references, and without mathematics that has no text.
 */
final class JatsFormat implements Format {

    private static final Set<String> ROOTS = Set.of("article", "pmc-articleset", "nlm:article");

    /** Left out with everything in them. */
    private static final Set<String> SKIPPED = Set.of(
            "ref-list",
            "back",
            "floats-group",
            "object-id",
            "graphic",
            "media",
            "supplementary-material",
            "tex-math",
            "mml:math",
            "inline-graphic",
            "fn-group",
            "permissions");

    private static final Set<String> BLOCKS =
            Set.of("p", "title", "caption", "tr", "list-item", "label", "disp-quote", "verse-line");

    @Override
    public String name() {
        return "jats";
    }

    @Override
    public boolean magic(byte[] head) {
        return ROOTS.contains(Xml.root(head));
    }

    @Override
    public Set<String> extensions() {
        return Set.of("nxml");
    }

    @Override
    public void read(Content content, Output output) throws IOException {
        int number = 0;
        try (StreamParser stream = Xml.stream(content)) {
            for (Element article = stream.selectNext("article");
                    article != null;
                    article = stream.selectNext("article")) {
                content.budget().checkTime();
                number++;
                if (withheld(article)) {
                    output.deadLetter(
                            uri(content, article, number),
                            DeadLetterReason.NO_TEXT,
                            "its publisher does not let PMC give the full text");
                } else {
                    output.document(article(content, article, number));
                }
                article.remove();
            }
        }
        if (number == 0) {
            throw new IOException("no article element");
        }
    }

    private static Extracted article(Content content, Element article, int number) {
        var text = new StringBuilder();
        String title = "";
        Element front = Xml.first(article, "article-meta");
        if (front != null) {
            title = Xml.text(front, "article-title");
            append(text, title);
            for (Element summary : front.getElementsByTag("abstract")) {
                if (summary.attr("abstract-type").isEmpty()) {
                    blocks(summary, text);
                }
            }
        }
        Element body = Xml.first(article, "body");
        if (body != null) {
            blocks(body, text);
        }
        String doi = id(article, "doi");
        return new Extracted(
                uri(content, article, number),
                text.toString(),
                "text/plain",
                licence(article),
                language(article),
                new Metadata()
                        .put("title", title)
                        .put("doi", doi)
                        .put("pmid", id(article, "pmid"))
                        .put("pmc", pmc(article))
                        .put("journal", Xml.text(article, "journal-title"))
                        .put("year", Xml.text(article, "year"))
                        .values());
    }

    private static void blocks(Element element, StringBuilder text) {
        for (Element child : element.children()) {
            String name = child.normalName();
            if (SKIPPED.contains(name)) {
                continue;
            }
            if (name.equals("tr")) {
                append(text, String.join("\t", child.children().eachText()));
            } else if (BLOCKS.contains(name)
                    && child.select("p, list-item, tr").stream().allMatch(inner -> inner == child)) {
                child.select(String.join(", ", "tex-math", "inline-graphic", "graphic"))
                        .remove();
                append(text, child.text());
            } else {
                blocks(child, text);
            }
        }
    }

    private static void append(StringBuilder text, String block) {
        String clean = block.strip();
        if (!clean.isEmpty()) {
            text.append(text.isEmpty() ? "" : "\n\n").append(clean);
        }
    }

    /** PMC gives of such an article what stands in front of its text, and says why in a comment. */
    private static boolean withheld(Element article) {
        return Xml.first(article, "body") == null
                && article.nodeStream(Comment.class)
                        .anyMatch(c -> c.getData().contains("does not allow downloading of the full text"));
    }

    private static String uri(Content content, Element article, int number) {
        return NcbiPages.of(NcbiPages.PMC, content.uri(), pmc(article), number == 1 ? "" : "#article=" + number);
    }

    /** The number in PMC: {@code pmc} in older articles, {@code pmcid} in newer ones. */
    private static @Nullable String pmc(Element article) {
        String old = id(article, "pmc");
        return old != null ? old : id(article, "pmcid");
    }

    private static @Nullable String id(Element article, String type) {
        Element id = article.selectFirst("article-meta > article-id[pub-id-type=" + type + "]");
        return id == null ? null : id.text();
    }

    private static @Nullable String language(Element article) {
        String language = article.attr("xml:lang").strip();
        return language.isEmpty() ? null : language.toLowerCase(java.util.Locale.ROOT);
    }

    /** A link to a licence where there is one, else the words if they name one. */
    private static @Nullable String licence(Element article) {
        for (Element licence : article.getElementsByTag("license")) {
            String href = licence.attr("xlink:href");
            if (href.isEmpty()) {
                Element link = licence.selectFirst("[xlink:href*=creativecommons]");
                href = link == null ? "" : link.attr("xlink:href");
            }
            if (!href.isEmpty()) {
                return Licences.normalize(href);
            }
            String words = licence.text();
            int at = words.indexOf("creativecommons.org");
            if (at >= 0) {
                return Licences.normalize(words.substring(at));
            }
        }
        return null;
    }
}
