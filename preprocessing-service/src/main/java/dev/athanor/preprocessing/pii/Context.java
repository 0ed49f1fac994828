package dev.athanor.preprocessing.pii;

import java.util.Locale;
import java.util.Set;

/** The word before a number, which often says that it is a number of something else. */
final class Context {

    /** Before four numbers with dots between them: not an address. */
    static final Set<String> VERSIONS = Set.of(
            "version",
            "versions",
            "v",
            "ver",
            "release",
            "build",
            "firmware",
            "section",
            "sections",
            "chapter",
            "clause",
            "paragraph",
            "kapitel",
            "abschnitt",
            "versión",
            "versione");

    /** Before digits in groups: not a telephone number. */
    static final Set<String> NUMBERED = Set.of(
            "order",
            "invoice",
            "ticket",
            "tracking",
            "isbn",
            "issn",
            "part",
            "serial",
            "sku",
            "doi",
            "arxiv",
            "item",
            "bestellnummer",
            "bestellung",
            "artikelnummer",
            "rechnung",
            "rechnungsnummer",
            "auftrag",
            "auftragsnummer",
            "sendungsnummer",
            "aktenzeichen");

    /** Between such a word and its number. */
    private static final Set<String> BETWEEN =
            Set.of("number", "numbers", "no", "nr", "num", "id", "code", "nummer", "is", "was");

    private static final int FARTHEST = 40;

    private Context() {}

    /** @param words in lower case */
    static boolean isBehind(String text, int at, Set<String> words) {
        int end = at;
        int limit = Math.max(0, at - FARTHEST);
        for (int tries = 0; tries < 3; tries++) {
            while (end > limit && isBetween(text.charAt(end - 1))) {
                end--;
            }
            int from = end;
            while (from > limit && Character.isLetter(text.charAt(from - 1))) {
                from--;
            }
            if (from == end) {
                return false;
            }
            String word = text.substring(from, end).toLowerCase(Locale.ROOT);
            if (words.contains(word)) {
                return true;
            }
            if (!BETWEEN.contains(word)) {
                return false;
            }
            end = from;
        }
        return false;
    }

    private static boolean isBetween(char c) {
        return c == ' ' || c == '.' || c == ':' || c == '#' || c == '-' || c == '\u00a0';
    }
}
