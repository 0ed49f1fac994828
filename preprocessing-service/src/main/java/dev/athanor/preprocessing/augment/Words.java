package dev.athanor.preprocessing.augment;

import dev.athanor.preprocessing.words.TermFinder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A text as words and what is between them: {@code gaps} has one more entry than {@code words}. */
record Words(List<String> words, List<String> gaps) {

    static Words of(String text) {
        var words = new ArrayList<String>();
        var gaps = new ArrayList<String>();
        int from = 0;
        for (int i = 0; i < text.length(); ) {
            if (!TermFinder.begins(text, i)) {
                i++;
                continue;
            }
            int end = i;
            // A word longer than is looked at in one go goes on, and so does one with an apostrophe in it.
            do {
                end = TermFinder.wordEnd(text, end);
            } while (end < text.length()
                    && (Character.isLetterOrDigit(text.charAt(end))
                            || (text.charAt(end) == '\'' || text.charAt(end) == '’')
                                    && end + 1 < text.length()
                                    && Character.isLetter(text.charAt(end + 1))));
            gaps.add(text.substring(from, i));
            words.add(text.substring(i, end));
            from = end;
            i = end;
        }
        gaps.add(text.substring(from));
        return new Words(words, gaps);
    }

    String text() {
        var text = new StringBuilder(gaps.getFirst());
        for (int i = 0; i < words.size(); i++) {
            text.append(words.get(i)).append(gaps.get(i + 1));
        }
        return text.toString();
    }

    /** A word in place of another takes its capitals. */
    static String likeCase(String word, String model) {
        if (model.length() > 1 && model.equals(model.toUpperCase(Locale.ROOT))) {
            return word.toUpperCase(Locale.ROOT);
        }
        return Character.isUpperCase(model.charAt(0))
                ? word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1)
                : word;
    }
}
