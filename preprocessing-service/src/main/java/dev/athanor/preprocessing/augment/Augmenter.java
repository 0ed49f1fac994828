package dev.athanor.preprocessing.augment;

import java.io.IOException;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Makes a new text from a text. */
interface Augmenter {

    /**
     * @param label of a labelled example, or null
     * @param random the only source of chance
     * @return the new text; the text itself where nothing could be changed
     */
    String augment(String text, @Nullable String label, SplittableRandom random)
            throws IOException, InterruptedException;
}
