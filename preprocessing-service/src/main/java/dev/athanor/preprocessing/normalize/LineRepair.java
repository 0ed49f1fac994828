package dev.athanor.preprocessing.normalize;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Undoes the lines of a printed page: joins words that were hyphenated at line ends and puts the lines of a paragraph
 * together. A hyphen stays where the text has the word with a hyphen within a line elsewhere, and not without. Lines that end
 * short of the page's width, lists, headings and tables keep their ends.
 */
public final class LineRepair {

    /** Narrower texts are lists or verse: no width can be told. */
    private static final int MIN_WIDTH = 40;
    /** A line at least this share of the width goes on in the next. */
    private static final double FULL = 0.8;

    private static final String HYPHENS = "-\u00AD\u2010";

    private LineRepair() {}

    public static String repair(String text) {
        List<String> lines = text.lines().map(String::stripTrailing).toList();
        int width = width(lines);
        if (lines.size() < 2) {
            return text;
        }
        Map<String, Integer> words = new HashMap<>();
        lines.forEach(line -> countWords(line, words));
        var out = new StringBuilder(text.length());
        String line = lines.getFirst();
        for (int i = 1; i < lines.size(); i++) {
            String next = lines.get(i).stripLeading();
            if (isHyphenated(line, next)) {
                line = joined(line, next, words);
            } else if (width >= MIN_WIDTH && goesOn(lines.get(i - 1), next, width)) {
                line = line + " " + next;
            } else {
                out.append(line).append('\n');
                line = lines.get(i);
                continue;
            }
            // What is joined grows; written out at once it stays linear.
            int cut = line.length() - next.length();
            out.append(line, 0, Math.max(0, cut));
            line = line.substring(Math.max(0, cut));
        }
        return out.append(line).toString();
    }

    /** The length that a tenth of the lines reach: the page's width. */
    private static int width(List<String> lines) {
        int[] lengths = lines.stream()
                .filter(l -> !l.isBlank())
                .mapToInt(String::length)
                .sorted()
                .toArray();
        return lengths.length == 0 ? 0 : lengths[(int) (lengths.length * 0.9)];
    }

    private static boolean isHyphenated(String line, String next) {
        int last = line.length() - 1;
        return last >= 1
                && !next.isEmpty()
                && HYPHENS.indexOf(line.charAt(last)) >= 0
                && Character.isLetter(line.charAt(last - 1))
                && Character.isLowerCase(next.charAt(0));
    }

    private static String joined(String line, String next, Map<String, Integer> words) {
        int from = line.length() - 1;
        while (from > 0 && (Character.isLetter(line.charAt(from - 1)) || line.charAt(from - 1) == '-')) {
            from--;
        }
        int to = 0;
        while (to < next.length() && (Character.isLetter(next.charAt(to)))) {
            to++;
        }
        String head = line.substring(from, line.length() - 1);
        String tail = next.substring(0, to);
        boolean soft = line.charAt(line.length() - 1) == '\u00AD';
        boolean hyphen = !soft && words.containsKey(head + "-" + tail) && !words.containsKey(head + tail);
        return line.substring(0, line.length() - 1) + (hyphen ? "-" : "") + next;
    }

    private static boolean goesOn(String line, String next, int width) {
        if (line.isBlank() || next.isEmpty() || isItem(next)) {
            return false;
        }
        char last = line.charAt(line.length() - 1);
        boolean full = line.length() >= FULL * width;
        boolean ended = ".!?:;”\"".indexOf(last) >= 0;
        char first = next.charAt(0);
        boolean running = Character.isLowerCase(first) || first == '(' || Character.isDigit(first);
        return full && (running || !ended || line.length() >= 0.9 * width)
                || !ended && Character.isLowerCase(first) && line.length() >= MIN_WIDTH / 2;
    }

    /** A bullet, or a number and a dot or bracket. */
    private static boolean isItem(String line) {
        if ("•‣◦▪–-*·".indexOf(line.charAt(0)) >= 0) {
            return true;
        }
        int digits = 0;
        while (digits < line.length() && digits < 4 && Character.isDigit(line.charAt(digits))) {
            digits++;
        }
        return digits > 0 && digits < line.length() && ".)]".indexOf(line.charAt(digits)) >= 0;
    }

    /** Words within lines, with and without hyphens; a line's last one is left out where it ends in a hyphen. */
    private static void countWords(String line, Map<String, Integer> words) {
        Arrays.stream(line.split("[^\\p{L}-]+"))
                .filter(w -> !w.isEmpty() && !w.endsWith("-"))
                .forEach(w -> words.merge(w, 1, Integer::sum));
    }
}
