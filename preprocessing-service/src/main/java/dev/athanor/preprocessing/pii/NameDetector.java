package dev.athanor.preprocessing.pii;

import dev.athanor.preprocessing.words.TermFinder;
import java.util.List;
import java.util.Set;

/**
 * People's names: those of a list, and up to three capitalized words behind a title (the title stays). A heuristic: names
 * without a title that are not on the list are not found, and a street named after Dr Müller is.
 */
final class NameDetector implements Detector {

    private static final Set<String> TITLES = Set.of(
            "Mr",
            "Mrs",
            "Ms",
            "Miss",
            "Mx",
            "Dr",
            "Prof",
            "Professor",
            "Sir",
            "Lord",
            "Lady",
            "Dame",
            "Herr",
            "Herrn",
            "Frau",
            "Monsieur",
            "Madame",
            "Mme",
            "Mlle",
            "Señor",
            "Señora",
            "Sr",
            "Sra",
            "Don",
            "Doña",
            "Signor",
            "Signora",
            "Dott");
    private static final Set<String> PARTICLES = Set.of(
            "von", "van", "de", "der", "den", "du", "da", "di", "del", "della", "la", "le", "zu", "zur", "y", "bin",
            "al");
    private static final int MAX_TITLE = 10;
    private static final int MAX_WORD = 40;
    private static final int MAX_WORDS = 3;

    private final TermFinder names;

    NameDetector(List<String> names) {
        this.names = new TermFinder(names, false);
    }

    @Override
    public int end(String text, int at) {
        if (!Character.isLetter(text.charAt(at))) {
            return -1;
        }
        int listed = names.end(text, at);
        if (listed >= 0) {
            return listed;
        }
        return Character.isUpperCase(text.charAt(at)) && titleBefore(text, at) ? nameEnd(text, at) : -1;
    }

    private static boolean titleBefore(String text, int at) {
        int end = at - 1;
        if (end < 1 || text.charAt(end) != ' ' && text.charAt(end) != '\u00A0') {
            return false;
        }
        end -= text.charAt(end - 1) == '.' ? 1 : 0;
        int start = end;
        while (start > 0 && end - start <= MAX_TITLE && Character.isLetter(text.charAt(start - 1))) {
            start--;
        }
        return TITLES.contains(text.substring(start, end)) && !TITLES.contains(text.substring(at, wordEnd(text, at)));
    }

    private static int nameEnd(String text, int at) {
        int end = -1;
        int i = at;
        for (int words = 0; words < MAX_WORDS && i < text.length(); ) {
            int wordEnd = wordEnd(text, i);
            String word = text.substring(i, wordEnd);
            if (!word.isEmpty() && Character.isUpperCase(word.charAt(0))) {
                boolean initial = word.length() == 1 && wordEnd < text.length() && text.charAt(wordEnd) == '.';
                end = wordEnd + (initial ? 1 : 0);
                wordEnd = end;
                words++;
            } else if (!PARTICLES.contains(word)) {
                break;
            }
            if (wordEnd >= text.length() || text.charAt(wordEnd) != ' ') {
                break;
            }
            i = wordEnd + 1;
        }
        return end;
    }

    private static int wordEnd(String text, int at) {
        int end = at;
        while (end < text.length()
                && end - at < MAX_WORD
                && (Character.isLetter(text.charAt(end)) || end > at && isJoiner(text, end))) {
            end++;
        }
        return end == at ? Math.min(text.length(), at + 1) : end;
    }

    /** An apostrophe or hyphen with a letter behind it. */
    private static boolean isJoiner(String text, int at) {
        char c = text.charAt(at);
        return (c == '\'' || c == '’' || c == '-') && at + 1 < text.length() && Character.isLetter(text.charAt(at + 1));
    }
}
