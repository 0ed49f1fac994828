package dev.athanor.preprocessing.augment;

import java.io.IOException;
import java.util.SplittableRandom;

/** Puts a text into another language. */
interface Translator {

    /**
     * @param from language of the text (BCP 47)
     * @param to wanted language
     * @param random the only source of chance
     */
    String translate(String text, String from, String to, SplittableRandom random)
            throws IOException, InterruptedException;
}
