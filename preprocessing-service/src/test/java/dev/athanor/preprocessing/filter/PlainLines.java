package dev.athanor.preprocessing.filter;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The line rules of the filters over strings, as the references state them: the plain twin of {@link Lines} and its users. */
final class PlainLines {

    private static final Pattern OTHER_BREAKS =
            Pattern.compile("\r\n|[\n\r\u000b\f\u001c\u001d\u001e\u0085\u2028\u2029]");
    private static final Pattern CITATION = Pattern.compile("\\[[0-9]*]|\\[edit]|\\[citation needed]");

    private PlainLines() {}

    static List<String> splitAsPythonDoes(String text) {
        List<String> lines = new ArrayList<>(List.of(OTHER_BREAKS.split(text, -1)));
        if (lines.getLast().isEmpty()) {
            lines.removeLast();
        }
        return lines;
    }

    static List<String> paragraphs(String text) {
        return List.of(Pattern.compile("\n{2,}").split(strip(text), -1));
    }

    /** Whether an equal one stands before it, for each. */
    static List<Boolean> repeated(List<String> lines) {
        Set<String> seen = new HashSet<>();
        return lines.stream().map(line -> !seen.add(line)).toList();
    }

    /** The lines that C4 keeps, or null where a line drops the document. */
    static String keptByC4(String text) {
        List<String> kept = new ArrayList<>();
        for (String raw : splitAsPythonDoes(text)) {
            String line = strip(raw);
            List<String> words = words(line);
            if (words.stream().anyMatch(w -> w.codePointCount(0, w.length()) > 1000)) {
                continue;
            }
            line = CITATION.matcher(line).replaceAll("");
            if (!line.matches("(?s).*[.?!\"']") || line.endsWith("...") || words.size() < 3) {
                continue;
            }
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.contains("lorem ipsum")) {
                return null;
            }
            if (lower.contains("javascript")) {
                continue;
            }
            if (line.contains("{")) {
                return null;
            }
            if (Set.of(
                            "terms of use",
                            "privacy policy",
                            "cookie policy",
                            "uses cookies",
                            "use of cookies",
                            "use cookies")
                    .stream()
                    .anyMatch(lower::contains)) {
                continue;
            }
            kept.add(line);
        }
        return strip(String.join("\n", kept));
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        var word = new StringBuilder();
        for (char c : (line + " ").toCharArray()) {
            if (!PythonText.isSpace(c)) {
                word.append(c);
            } else if (!word.isEmpty()) {
                words.add(word.toString());
                word.setLength(0);
            }
        }
        return words;
    }

    static String strip(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && PythonText.isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && PythonText.isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }
}
