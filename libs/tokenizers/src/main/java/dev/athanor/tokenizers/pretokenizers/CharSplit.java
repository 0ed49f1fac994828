package dev.athanor.tokenizers.pretokenizers;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.TextPattern.Match;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** Cuts at single characters of a class. */
final class CharSplit {

    private CharSplit() {}

    static List<AlignedText> split(AlignedText text, IntPredicate delimiter, Behavior behavior) {
        List<Match> matches = new ArrayList<>();
        for (int i = 0; i < text.length(); i++) {
            if (delimiter.test(text.codePoint(i))) {
                matches.add(new Match(i, i + 1));
            }
        }
        return Cuts.split(text, matches, behavior, false);
    }
}
