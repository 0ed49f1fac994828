package dev.athanor.ingestion.format;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * LaTeX to text: the document's body without comments, references and floats; headings and marked-up words stay, and so does
 * mathematics, as written. One pass; braces are followed with a counter, so that nothing recurses.
 */
record LatexText(String title, String body) {

    private static final Pattern COMMENT = Pattern.compile("(?m)(?<!\\\\)%.*?$\\n?");

    /** Commands that go with their arguments. */
    private static final Set<String> DROPPED = Set.of(
            "cite",
            "citep",
            "citet",
            "citealp",
            "nocite",
            "ref",
            "eqref",
            "pageref",
            "autoref",
            "cref",
            "label",
            "bibliography",
            "bibliographystyle",
            "includegraphics",
            "input",
            "include",
            "usepackage",
            "documentclass",
            "vspace",
            "hspace",
            "thanks",
            "pagestyle",
            "thispagestyle",
            "setcounter",
            "setlength",
            "newcommand",
            "renewcommand",
            "def",
            "index",
            "maketitle",
            "tableofcontents",
            "author",
            "date",
            "title",
            "affiliation",
            "email",
            "address",
            "institute",
            "begin",
            "end",
            "hypersetup",
            "keywords",
            "markboth");

    /** Environments that go with everything in them. */
    private static final Set<String> FLOATS = Set.of(
            "figure",
            "figure*",
            "table",
            "table*",
            "tabular",
            "tikzpicture",
            "thebibliography",
            "algorithm",
            "algorithmic",
            "lstlisting",
            "comment",
            "picture",
            "filecontents");

    private static final Set<String> HEADINGS =
            Set.of("part", "chapter", "section", "subsection", "subsubsection", "paragraph");

    private static final Map<String, String> CHARACTERS = Map.ofEntries(
            Map.entry("ss", "ß"),
            Map.entry("ae", "æ"),
            Map.entry("oe", "œ"),
            Map.entry("o", "ø"),
            Map.entry("aa", "å"),
            Map.entry("l", "ł"),
            Map.entry("ldots", "…"),
            Map.entry("dots", "…"),
            Map.entry("textendash", "–"),
            Map.entry("textemdash", "—"),
            Map.entry("LaTeX", "LaTeX"),
            Map.entry("TeX", "TeX"),
            Map.entry("S", "§"),
            Map.entry("par", "\n\n"),
            Map.entry("newline", "\n"),
            Map.entry("item", "\n"),
            Map.entry("quad", " "));

    static LatexText of(String source) {
        String text = COMMENT.matcher(source).replaceAll("");
        String title = argumentOf(text, "\\title");
        int begin = text.indexOf("\\begin{document}");
        int end = text.indexOf("\\end{document}");
        if (begin >= 0) {
            text = text.substring(begin + "\\begin{document}".length(), end > begin ? end : text.length());
        } else if (text.contains("\\documentclass") || !text.contains("\n\n") && text.contains("\\newcommand")) {
            text = "";
        }
        String plainTitle = title.isEmpty() ? "" : tidy(strip(title));
        String body = tidy(strip(text));
        return new LatexText(plainTitle, plainTitle.isEmpty() || body.isEmpty() ? body : plainTitle + "\n\n" + body);
    }

    private static String strip(String text) {
        var out = new StringBuilder(text.length());
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '$') {
                int close = mathEnd(text, i);
                out.append(text, i, close);
                i = close;
            } else if (c == '\\') {
                i = command(text, i, out);
            } else if (c == '{' || c == '}') {
                i++;
            } else if (c == '~') {
                out.append(' ');
                i++;
            } else if (c == '`' || c == '\'') {
                boolean doubled = i + 1 < text.length() && text.charAt(i + 1) == c;
                out.append(doubled ? (c == '`' ? "“" : "”") : c == '`' ? "‘" : "’");
                i += doubled ? 2 : 1;
            } else if (c == '-' && text.startsWith("--", i)) {
                boolean three = text.startsWith("---", i);
                out.append(three ? '—' : '–');
                i += three ? 3 : 2;
            } else {
                out.append(c);
                i++;
            }
        }
        return out.toString();
    }

    /** Behind the mathematics that starts at {@code at}; mathematics that never closes is a lone dollar sign. */
    private static int mathEnd(String text, int at) {
        String mark = text.startsWith("$$", at) ? "$$" : "$";
        int close = text.indexOf(mark, at + mark.length());
        return close < 0 || close - at > 5000 ? at + 1 : close + mark.length();
    }

    /** Handles the command at {@code at} and returns where to go on. */
    private static int command(String text, int at, StringBuilder out) {
        int i = at + 1;
        while (i < text.length() && Character.isLetter(text.charAt(i))) {
            i++;
        }
        if (i == at + 1) {
            return symbol(text, at, out);
        }
        String name = text.substring(at + 1, i);
        if (i < text.length() && text.charAt(i) == '*') {
            i++;
        }
        if (name.equals("begin")) {
            String environment = group(text, i);
            if (FLOATS.contains(environment)) {
                String close = "\\end{" + environment + "}";
                int end = text.indexOf(close, i);
                return end < 0 ? text.length() : end + close.length();
            }
            out.append("\n\n");
        }
        if (name.equals("end")) {
            out.append("\n\n");
        }
        if (HEADINGS.contains(name)) {
            out.append("\n\n").append(strip(group(text, i))).append("\n\n");
            return skipGroups(text, i);
        }
        if (DROPPED.contains(name)) {
            return skipGroups(text, i);
        }
        String character = CHARACTERS.get(name);
        if (character != null) {
            out.append(character);
        }
        // An unknown command goes, what it marks stays; options in brackets go with it.
        int next = i < text.length() && text.charAt(i) == '[' ? Math.max(i, text.indexOf(']', i) + 1) : i;
        return character != null && next < text.length() && text.charAt(next) == ' ' ? next + 1 : next;
    }

    /** Escaped characters and accents such as {@code \"u}. */
    private static int symbol(String text, int at, StringBuilder out) {
        if (at + 1 >= text.length()) {
            return text.length();
        }
        char c = text.charAt(at + 1);
        String combining = switch (c) {
            case '"' -> "\u0308";
            case '\'' -> "\u0301";
            case '`' -> "\u0300";
            case '^' -> "\u0302";
            case '~' -> "\u0303";
            case '=' -> "\u0304";
            case '.' -> "\u0307";
            default -> "";
        };
        if (!combining.isEmpty()) {
            int i = at + 2;
            while (i < text.length() && (text.charAt(i) == '{' || text.charAt(i) == '\\')) {
                i++;
            }
            if (i < text.length() && Character.isLetter(text.charAt(i))) {
                out.append(java.text.Normalizer.normalize(text.charAt(i) + combining, java.text.Normalizer.Form.NFC));
                return i + 1;
            }
            return at + 2;
        }
        switch (c) {
            case '\\' -> out.append('\n');
            case '(', ')', '[', ']' -> out.append('$');
            case ' ', ',', ';', ':', '!' -> out.append(' ');
            case '-', '/' -> {}
            default -> out.append(c);
        }
        return at + 2;
    }

    private static String argumentOf(String text, String command) {
        int at = text.indexOf(command);
        return at < 0 ? "" : group(text, at + command.length());
    }

    /** Inside of the first group at {@code at}, behind options; empty if there is none. */
    private static String group(String text, int at) {
        int open = at;
        if (open < text.length() && text.charAt(open) == '[') {
            open = text.indexOf(']', open) + 1;
        }
        if (open >= text.length() || text.charAt(open) != '{') {
            return "";
        }
        int end = groupEnd(text, open);
        return text.substring(open + 1, Math.max(open + 1, end - 1));
    }

    private static int skipGroups(String text, int at) {
        int i = at;
        while (i < text.length() && (text.charAt(i) == '{' || text.charAt(i) == '[')) {
            if (text.charAt(i) == '[') {
                int close = text.indexOf(']', i);
                if (close < 0) {
                    return i + 1;
                }
                i = close + 1;
            } else {
                i = groupEnd(text, i);
            }
        }
        return i;
    }

    /** Behind the brace that closes the one at {@code open}; a group that never closes ends after a while. */
    private static int groupEnd(String text, int open) {
        int depth = 0;
        int limit = Math.min(text.length(), open + 20_000);
        for (int i = open; i < limit; i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '{') {
                depth++;
            } else if (c == '}' && --depth == 0) {
                return i + 1;
            }
        }
        return open + 1;
    }

    private static String tidy(String text) {
        return text.replaceAll("[ \\t]+", " ")
                .replaceAll(" ?\\n ?", "\n")
                .replaceAll("\\n{2,}", "\u0000")
                .replace('\n', ' ')
                .replace("\u0000", "\n\n")
                .strip();
    }
}
