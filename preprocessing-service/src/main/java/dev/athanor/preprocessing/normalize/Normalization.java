package dev.athanor.preprocessing.normalize;

import java.util.Arrays;

/** How far texts are brought into one form; each level does what the one before does. */
public enum Normalization {
    /** Nothing at all. */
    NONE("none"),
    /** Unicode NFC; {@code \n} line ends; one blank for runs of white space; no control or invisible characters. */
    STANDARD("standard"),
    /** Also straight quotes, ASCII hyphens and three dots for their typographic forms. */
    PLAIN("plain"),
    /** Also lower case. */
    LOWER_CASE("lower-case");

    private final String id;

    Normalization(String id) {
        this.id = id;
    }

    public String id() {
        return id;
    }

    public static Normalization of(String id) {
        return Arrays.stream(values())
                .filter(n -> n.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no normalization '" + id + "'"));
    }
}
