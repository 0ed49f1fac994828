package dev.athanor.evaluation.baseline;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Words and pairs of neighbouring words of a text, in lower case: letters and digits, with one apostrophe inside. */
final class Words {

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}_]+(?:['’]\\p{L}+)?");

    private Words() {}

    static List<String> of(String text) {
        var words = new ArrayList<String>();
        Matcher matcher = WORD.matcher(text.toLowerCase(Locale.ROOT));
        while (matcher.find()) {
            words.add(matcher.group());
        }
        return words;
    }

    /** Each word, then each pair of neighbours, joined by a space. */
    static void unigramsAndBigrams(String text, Consumer<String> sink) {
        List<String> words = of(text);
        words.forEach(sink);
        for (int i = 1; i < words.size(); i++) {
            sink.accept(words.get(i - 1) + " " + words.get(i));
        }
    }
}
