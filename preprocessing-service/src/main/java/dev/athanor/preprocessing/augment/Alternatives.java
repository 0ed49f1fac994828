package dev.athanor.preprocessing.augment;

import java.util.List;

/** Words that may stand in place of a word. */
interface Alternatives {

    /** The nearest first, in lower case or as they are written; empty where none is known. */
    List<String> of(String word);
}
