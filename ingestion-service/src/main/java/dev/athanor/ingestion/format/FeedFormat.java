package dev.athanor.ingestion.format;

import dev.athanor.ingestion.content.Content;
import dev.athanor.ingestion.content.DeadLetterReason;
import dev.athanor.ingestion.content.Extracted;
import dev.athanor.ingestion.content.Output;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/** RSS 0.9 to 2.0 and Atom 0.3 and 1.0: each entry is a document, by the address of its page. */
public final class FeedFormat implements Format {

    private static final Set<String> ROOTS = Set.of("rss", "rdf:RDF", "feed", "RDF", "atom:feed");

    @Override
    public String name() {
        return "feed";
    }

    @Override
    public boolean magic(byte[] head) {
        return ROOTS.contains(Xml.root(head));
    }

    @Override
    public Set<String> extensions() {
        return Set.of("rss", "atom");
    }

    @Override
    public Set<String> mediaTypes() {
        return Set.of("application/rss+xml", "application/atom+xml", "application/rdf+xml");
    }

    @Override
    public void read(Content content, Output output) throws IOException {
        Document feed = Xml.tree(content);
        String feedTitle = feedTitle(feed);
        String licence = first(feed, List.of("creativeCommons:license", "cc:license", "atom:rights", "rights"));
        int number = 0;
        for (Element entry : feed.select("item, entry, atom|entry")) {
            number++;
            String link = link(entry);
            String uri = link.startsWith("http") ? link : content.uri() + "#entry=" + number;
            String body = body(entry);
            String title = plain(Xml.text(entry, "title"));
            if (body.isBlank() && title.isBlank()) {
                output.deadLetter(uri, DeadLetterReason.NO_TEXT, "an entry without text");
                continue;
            }
            boolean html = body.contains("<") && body.contains(">");
            String entryLicence = first(entry, List.of("creativeCommons:license", "cc:license", "dc:rights", "rights"));
            output.document(new Extracted(
                    uri,
                    html || title.isBlank() ? body : body.isBlank() ? title : title + "\n\n" + body,
                    html ? "text/html" : "text/plain",
                    Licences.normalize(entryLicence.isEmpty() ? licence : entryLicence),
                    null,
                    new Metadata()
                            .put("title", title)
                            .put("author", first(entry, List.of("author", "dc:creator", "name")))
                            .put(
                                    "published",
                                    first(
                                            entry,
                                            List.of(
                                                    "pubDate",
                                                    "published",
                                                    "issued",
                                                    "dc:date",
                                                    "updated",
                                                    "modified")))
                            .put("feed", feedTitle)
                            .values()));
        }
        if (number == 0) {
            output.deadLetter(content.uri(), DeadLetterReason.NO_TEXT, "a feed without entries");
        }
    }

    /** Addresses of the entries' pages, for connectors that fetch them. */
    public static List<String> links(String xml) {
        Document feed = org.jsoup.Jsoup.parse(xml, "", org.jsoup.parser.Parser.xmlParser());
        return feed.select("item, entry, atom|entry").stream()
                .map(FeedFormat::link)
                .filter(l -> l.startsWith("http"))
                .distinct()
                .toList();
    }

    private static String feedTitle(Document feed) {
        Element title = feed.selectFirst("channel > title, feed > title");
        return title == null ? "" : plain(title.text());
    }

    private static String link(Element entry) {
        for (Element link : entry.getElementsByTag("link")) {
            String href = link.attr("href").strip();
            String rel = link.attr("rel");
            if (!href.isEmpty() && (rel.isEmpty() || rel.equals("alternate"))) {
                return href;
            }
            if (href.isEmpty() && link.text().strip().startsWith("http")) {
                return link.text().strip();
            }
        }
        String guid = first(entry, List.of("guid", "id", "feedburner:origLink"));
        return guid.startsWith("http") ? guid : "";
    }

    /** The fullest text there is; escaped or embedded markup is given back as markup. */
    private static String body(Element entry) {
        String longest = "";
        for (String name : List.of("content:encoded", "content", "xhtml:body", "body", "description", "summary")) {
            for (Element element : entry.getElementsByTag(name)) {
                String text = element.children().isEmpty() ? element.wholeText() : element.html();
                longest = text.strip().length() > longest.length() ? text.strip() : longest;
            }
        }
        return longest;
    }

    private static String first(Element parent, List<String> names) {
        for (String name : names) {
            String text = Xml.text(parent, name);
            if (!text.isEmpty()) {
                return text;
            }
        }
        return "";
    }

    private static String plain(String text) {
        return text.contains("<") || text.contains("&")
                ? org.jsoup.Jsoup.parse(text).text()
                : text;
    }
}
