package dev.athanor.preprocessing.report;

import java.util.Locale;

/** A number of each document whose distribution the report shows. */
enum Measure {
    WORDS("words in a document", 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000),
    WORD_LENGTH("mean length of words in characters", 2, 3, 3.5, 4, 4.5, 5, 5.5, 6, 8, 10),
    ALPHABETIC("share of letters among characters that are not blank", 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.98),
    UPPER_CASE("share of capitals among letters", 0.005, 0.01, 0.02, 0.03, 0.04, 0.06, 0.1, 0.2, 0.5),
    DISTINCT_WORDS("share of different words", 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
    REPEATED_LINES("share of lines that occurred before in the document", 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5);

    private final String description;
    /** Rising; below the first and above the last are classes too. */
    private final double[] edges;

    Measure(String description, double... edges) {
        this.description = description;
        this.edges = edges;
    }

    String description() {
        return description;
    }

    String table() {
        return "quality." + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Name of the class that a value falls into; names sort as the classes do. */
    String row(double value) {
        int at = 0;
        while (at < edges.length && value >= edges[at]) {
            at++;
        }
        return row(at);
    }

    private String row(int at) {
        String values = at == 0
                ? "below " + number(edges[0])
                : at == edges.length
                        ? number(edges[at - 1]) + " and more"
                        : number(edges[at - 1]) + " to " + number(edges[at]);
        return (at < 10 ? "0" : "") + at + ": " + values;
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
