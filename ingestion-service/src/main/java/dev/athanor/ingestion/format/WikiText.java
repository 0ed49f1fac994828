package dev.athanor.ingestion.format;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jsoup.parser.Parser;

/** Wikitext to plain text, in one pass over the text and a few over the lines; nesting is counted, not recursed into. */
final class WikiText {

    private static final Pattern DROPPED = Pattern.compile(
            "(?is)<!--.*?-->|<ref[^>]{0,500}/>|<(ref|math|gallery|timeline|score|syntaxhighlight|imagemap)\\b[^>]{0,500}>.*?</\\1\\s*>");
    private static final Pattern TAG = Pattern.compile("(?s)</?[A-Za-z][^<>]{0,500}>");
    private static final Pattern QUOTES = Pattern.compile("'{2,5}");
    private static final Pattern EXTERNAL =
            Pattern.compile("\\[(?:https?:|ftp:|//)[^\\s\\]]{1,2000}(?:\\s([^\\]\\n]{0,2000}))?\\]");
    private static final Pattern HEADING = Pattern.compile("(?m)^(={1,6})\\s*(.*?)\\s*\\1\\s*$");
    private static final Pattern LIST = Pattern.compile("(?m)^[*#:;]+\\s*");
    private static final Pattern MAGIC = Pattern.compile("__[A-Z]{3,20}__");
    private static final Pattern BLANKS = Pattern.compile("[ \\t]+\\n|\\n{3,}");

    private WikiText() {}

    static String plain(String wikitext) {
        String text = DROPPED.matcher(wikitext).replaceAll("");
        text = withoutNested(text, "{{", "}}");
        text = withoutNested(text, "{|", "|}");
        text = links(text);
        text = EXTERNAL.matcher(text)
                .replaceAll(m -> m.group(1) == null ? "" : java.util.regex.Matcher.quoteReplacement(m.group(1)));
        text = TAG.matcher(text).replaceAll("");
        text = QUOTES.matcher(text).replaceAll("");
        text = HEADING.matcher(text).replaceAll("$2");
        text = LIST.matcher(text).replaceAll("");
        text = MAGIC.matcher(text).replaceAll("");
        text = Parser.unescapeEntities(text, false);
        return BLANKS.matcher(text)
                .replaceAll("\n\n")
                .replaceAll("\\n\\n+", "\n\n")
                .strip();
    }

    /** Drops everything between the marks, also inside each other; an opening mark that never closes drops nothing. */
    private static String withoutNested(String text, String open, String close) {
        var out = new StringBuilder(text.length());
        int depth = 0;
        int outside = 0;
        for (int i = 0; i < text.length(); ) {
            if (text.startsWith(open, i)) {
                if (depth == 0) {
                    out.append(text, outside, i);
                    outside = i;
                }
                depth++;
                i += open.length();
            } else if (depth > 0 && text.startsWith(close, i)) {
                depth--;
                i += close.length();
                outside = depth == 0 ? i : outside;
            } else {
                i++;
            }
        }
        return out.append(text, outside, text.length()).toString();
    }

    /** {@code [[page|shown]]} to what is shown; files and categories go with their captions. */
    private static String links(String text) {
        var out = new StringBuilder(text.length());
        int i = 0;
        while (i < text.length()) {
            int open = text.indexOf("[[", i);
            if (open < 0) {
                break;
            }
            int end = closing(text, open);
            if (end < 0) {
                break;
            }
            out.append(text, i, open);
            String inner = text.substring(open + 2, end - 2);
            String target = inner.toLowerCase(Locale.ROOT);
            boolean media = target.startsWith("file:")
                    || target.startsWith("image:")
                    || target.startsWith("category:")
                    || target.startsWith("datei:")
                    || target.startsWith("kategorie:")
                    || target.startsWith("fichier:");
            if (!media) {
                out.append(inner.substring(inner.lastIndexOf('|') + 1));
            }
            i = end;
        }
        return out.append(text, Math.min(i, text.length()), text.length()).toString();
    }

    /** Behind the {@code ]]} that closes the link at {@code open}, or -1. */
    private static int closing(String text, int open) {
        int depth = 0;
        int limit = Math.min(text.length(), open + 10_000);
        for (int i = open; i + 1 < limit; ) {
            if (text.startsWith("[[", i)) {
                depth++;
                i += 2;
            } else if (text.startsWith("]]", i)) {
                depth--;
                i += 2;
                if (depth == 0) {
                    return i;
                }
            } else {
                i++;
            }
        }
        return -1;
    }
}
