package dev.athanor.preprocessing.extract;

import dev.athanor.contracts.json.Json;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The text that a page gives of itself to machines: {@code articleBody} of schema.org, as JSON-LD. */
final class LinkedData {

    static final String ARTICLE_BODY = "articleBody";

    private static final int DEEPEST = 6;

    private LinkedData() {}

    /** The longest text with its paragraphs on lines of their own; empty where there is none. */
    static String articleBody(Document page) {
        String longest = "";
        for (Element script : page.select("script[type=application/ld+json]")) {
            if (script.data().contains(ARTICLE_BODY)) {
                try {
                    longest = longer(longest, find(Json.MAPPER.readTree(script.data()), 0));
                } catch (JacksonException e) {
                    // What is no JSON says nothing.
                }
            }
        }
        return longest.indexOf('<') >= 0
                ? lines(Jsoup.parseBodyFragment(longest).body().wholeText())
                : lines(longest);
    }

    private static String find(JsonNode node, int depth) {
        String longest = node.path(ARTICLE_BODY).asString("");
        if (depth < DEEPEST) {
            for (JsonNode child : node) {
                if (child.isContainer()) {
                    longest = longer(longest, find(child, depth + 1));
                }
            }
        }
        return longest;
    }

    private static String longer(String a, String b) {
        return b.length() > a.length() ? b : a;
    }

    /** An expression for the blanks in front of a line's end would take quadratic time on many of them. */
    private static String lines(String text) {
        var out = new StringBuilder(text.length());
        for (String line : text.strip().lines().toList()) {
            String plain = line.trim();
            if (!plain.isEmpty()) {
                out.append(out.isEmpty() ? "" : "\n").append(plain);
            }
        }
        return out.toString();
    }
}
