package dev.athanor.ingestion.format;

import dev.athanor.ingestion.content.Content;
import dev.athanor.ingestion.content.Extracted;
import dev.athanor.ingestion.content.Output;
import java.io.IOException;
import org.jsoup.nodes.Element;
import org.jsoup.parser.StreamParser;

/** MediaWiki XML dumps: the articles (namespace 0, no redirects), their wikitext as plain text by {@link WikiText}. */
final class MediaWikiFormat implements Format {

    @Override
    public String name() {
        return "mediawiki";
    }

    @Override
    public boolean magic(byte[] head) {
        return Xml.root(head).equals("mediawiki");
    }

    @Override
    public void read(Content content, Output output) throws IOException {
        String base = "";
        String language = null;
        try (StreamParser stream = Xml.stream(content)) {
            for (Element element = stream.selectNext("page, siteinfo");
                    element != null;
                    element = stream.selectNext("page, siteinfo")) {
                content.budget().checkTime();
                if (element.nameIs("siteinfo")) {
                    Element root = element.parent();
                    base = Xml.text(element, "base");
                    language = root == null || root.attr("xml:lang").isEmpty() ? null : root.attr("xml:lang");
                } else {
                    page(content, element, base, language, output);
                }
                element.remove();
            }
        }
    }

    private static void page(
            Content content,
            Element page,
            String base,
            @org.jspecify.annotations.Nullable String language,
            Output output) {
        boolean article = Xml.text(page, "ns").isEmpty() || Xml.text(page, "ns").equals("0");
        Element wikitext = Xml.first(page, "text");
        if (!article || Xml.first(page, "redirect") != null || wikitext == null) {
            return;
        }
        String title = Xml.text(page, "title");
        String text = WikiText.plain(wikitext.wholeText());
        String uri = base.startsWith("http")
                ? base.substring(0, base.lastIndexOf('/') + 1) + title.replace(' ', '_')
                : content.uri() + "#title=" + title.replace(' ', '_');
        output.document(new Extracted(
                uri,
                text.isBlank() ? "" : title + "\n\n" + text,
                "text/plain",
                base.contains("wikipedia.org") ? "CC-BY-SA-4.0" : null,
                language,
                new Metadata()
                        .put("title", title)
                        .put("revised", Xml.text(page, "timestamp"))
                        .values()));
    }
}
