package dev.athanor.ingestion.format;

import dev.athanor.ingestion.content.Facts;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;

/**
 * Facts that an HTML page states about itself.
 *
 * @param metadata {@code title}, {@code author}, {@code robots} (content of the robots meta tag) where present
 */
record HtmlHead(@Nullable String licence, @Nullable String language, SortedMap<String, String> metadata) {

    /** The head of a page and any link to a licence near its start; parsing all of it is left to preprocessing. */
    private static final int PREFIX = 64 << 10;

    private static final int MAX_VALUE = 500;

    static HtmlHead of(String html) {
        Document page = Jsoup.parse(html.substring(0, Math.min(html.length(), PREFIX)));
        var metadata = new TreeMap<String, String>();
        put(metadata, "title", page.title());
        for (Element meta : page.select("meta[name][content]")) {
            switch (meta.attr("name").toLowerCase(Locale.ROOT)) {
                case "author" -> put(metadata, "author", meta.attr("content"));
                case "robots" ->
                    put(metadata, Facts.ROBOTS, meta.attr("content").toLowerCase(Locale.ROOT));
                case "tdm-reservation" -> put(metadata, Facts.TDM_RESERVATION, meta.attr("content"));
                default -> {}
            }
        }
        Element licence = page.selectFirst("a[rel~=(?i)\\blicense\\b][href], link[rel~=(?i)\\blicense\\b][href]");
        Element root = page.selectFirst("html[lang]");
        return new HtmlHead(
                licence == null ? null : Licences.normalize(licence.attr("href")),
                root == null || root.attr("lang").isBlank()
                        ? null
                        : root.attr("lang").strip(),
                metadata);
    }

    private static void put(SortedMap<String, String> metadata, String key, String value) {
        String clean = value.strip();
        if (!clean.isEmpty()) {
            metadata.put(key, clean.substring(0, Math.min(clean.length(), MAX_VALUE)));
        }
    }
}
