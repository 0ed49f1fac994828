package dev.athanor.tokenizers.pretokenizers;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.TextPattern;
import dev.athanor.tokenizers.internal.KnownPatterns;
import dev.athanor.tokenizers.internal.PieceScanner;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts where a pattern matches.
 *
 * @param invert whether the pattern says what lies between the matches
 */
public record Split(TextPattern pattern, Behavior behavior, boolean invert) implements PreTokenizer {

    @Override
    public List<AlignedText> split(AlignedText text) {
        PieceScanner scanner = scanner();
        if (scanner != null) {
            return Scanned.split(text, scanner);
        }
        return Cuts.split(text, pattern.find(text), behavior, invert);
    }

    /** The hand-written scanner that cuts as this does, or null. */
    public @Nullable PieceScanner scanner() {
        boolean everyPiece = behavior == Behavior.ISOLATED && !invert || behavior == Behavior.REMOVED && invert;
        return everyPiece && pattern.regex() ? KnownPatterns.scanner(pattern.text()) : null;
    }
}
