package dev.athanor.ingestion.source;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Project Gutenberg text file, taken apart.
 *
 * @param header title, author and the like as the file states them
 * @param copyrighted whether the header says that the book is under copyright and given by permission
 */
record GutenbergText(String body, Map<String, String> header, boolean copyrighted) {

    private static final Pattern START = Pattern.compile(
            "(?im)^\\*\\*\\* ?START OF (?:THE|THIS) PROJECT GUTENBERG EBOOK.{0,300}$|^\\*END[* ]*THE SMALL PRINT!.{0,200}$");
    private static final Pattern END = Pattern.compile(
            "(?im)^\\*\\*\\* ?END OF (?:THE|THIS) PROJECT GUTENBERG EBOOK.{0,300}$|^End of (?:the )?Project Gutenberg's.{0,300}$");
    private static final Pattern FIELD =
            Pattern.compile("(?m)^(Title|Author|Translator|Release Date|Language):[ \\t]*(.{1,300}?)[ \\t]*\\r?$");

    static GutenbergText of(String text) {
        Matcher start = START.matcher(text);
        int from = 0;
        while (start.find()) {
            from = start.end();
        }
        Matcher end = END.matcher(text);
        int to = end.find(from) ? end.start() : text.length();
        String head = text.substring(0, Math.min(from, 20_000));
        var header = new TreeMap<String, String>();
        Matcher field = FIELD.matcher(head);
        while (field.find()) {
            header.putIfAbsent(field.group(1).toLowerCase(java.util.Locale.ROOT).replace(' ', '-'), field.group(2));
        }
        boolean copyrighted = head.contains("COPYRIGHTED Project Gutenberg") || head.contains("Copyright (C)");
        return new GutenbergText(text.substring(from, to).strip(), header, copyrighted);
    }
}
