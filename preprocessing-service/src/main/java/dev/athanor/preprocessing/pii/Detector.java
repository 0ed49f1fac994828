package dev.athanor.preprocessing.pii;

/** Finds one kind of personal data. */
interface Detector {

    /**
     * Where the personal data that begins at this index ends; -1 where none begins. Asked at the first character of a word or
     * number only; looks at a bounded number of characters.
     */
    int end(String text, int at);
}
