package dev.athanor.ingestion.labelled;

import dev.athanor.contracts.document.Split;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;

/**
 * Where missing splits come from: a hash of the text, so that equal texts land together and a text never moves.
 *
 * <ul>
 *   <li>validation missing: a tenth of train;
 *   <li>test missing: a tenth of train;
 *   <li>train missing: four fifths of validation, or of test where there is no validation either.
 * </ul>
 */
record Splitting(Set<Split> present) {

    static Splitting of(Collection<Split> present) {
        return new Splitting(EnumSet.copyOf(present));
    }

    Set<Split> madeByHash() {
        return EnumSet.complementOf(EnumSet.copyOf(present));
    }

    /** @param hash the first bytes of the text's SHA-256, taken as an unsigned number */
    Split of(Split read, long hash) {
        int tenth = (int) Long.remainderUnsigned(hash, 10);
        boolean noValidation = !present.contains(Split.VALIDATION);
        boolean noTest = !present.contains(Split.TEST);
        return switch (read) {
            case TRAIN ->
                tenth == 0 && noValidation ? Split.VALIDATION : tenth == 1 && noTest ? Split.TEST : Split.TRAIN;
            case VALIDATION ->
                present.contains(Split.TRAIN)
                        ? Split.VALIDATION
                        : tenth < 1 && noTest ? Split.TEST : tenth < 2 ? Split.VALIDATION : Split.TRAIN;
            case TEST ->
                present.contains(Split.TRAIN) || present.contains(Split.VALIDATION)
                        ? Split.TEST
                        : tenth < 1 ? Split.TEST : tenth < 2 ? Split.VALIDATION : Split.TRAIN;
        };
    }
}
