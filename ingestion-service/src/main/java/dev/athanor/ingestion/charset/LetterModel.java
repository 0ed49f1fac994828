package dev.athanor.ingestion.charset;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * How likely a text is in the languages of one group, letter by letter: bytes read in the wrong encoding give letters that
 * do not follow one another. Counts of pairs of letters, made from the Universal Declaration of Human Rights (public domain);
 * a line of {@code letters.tsv} has the group, one or two letters, and their count.
 */
final class LetterModel {

    static final String RESOURCE = "letters.tsv";

    /** Weight of the letter's own frequency beside that of the pair. */
    private static final double BACKOFF = 20;

    /** What a letter counts that the Declaration does not have, and how many such letters there are. */
    private static final double UNSEEN = 0.05;

    private static final double LETTERS = 60_000;

    /** Cost in nats of what no text has: control characters, bytes that are no character, private use. */
    private static final double NO_TEXT = 16;

    private static final double SYMBOL = 9;
    private static final double SYMBOL_INSIDE = 13;
    private static final double CAPITAL_INSIDE = 7;

    /** A Latin letter beside one of another script. */
    private static final double MIXED = 7;

    private static final double MIXED_WORDS = 3;

    private static final double CAPITAL_AFTER_CAPITAL = 1.5;

    private static final Map<String, LetterModel> GROUPS = load();

    /** Open addressing: a pair's letters, or a zero and a letter; and its count. */
    private int[] keys = new int[1 << 8];

    private int[] values = new int[1 << 8];
    private int size;
    private double total;

    private LetterModel() {}

    /** @param group languages that were written in the same encodings, e.g. {@code western} */
    static LetterModel of(String group) {
        LetterModel model = GROUPS.get(group);
        if (model == null) {
            throw new IllegalArgumentException("expected one of " + GROUPS.keySet() + ", got " + group);
        }
        return model;
    }

    static Collection<LetterModel> all() {
        return GROUPS.values();
    }

    private static Map<String, LetterModel> load() {
        try (InputStream in = LetterModel.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("no " + RESOURCE);
            }
            var groups = new TreeMap<String, LetterModel>();
            var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] cells = line.split("\t");
                groups.computeIfAbsent(cells[0], g -> new LetterModel()).put(cells[1], Integer.parseInt(cells[2]));
            }
            return groups;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void put(String letters, int count) {
        if (letters.length() == 1) {
            total += count;
        }
        if (++size * 2 > keys.length) {
            int[] oldKeys = keys;
            int[] oldValues = values;
            keys = new int[oldKeys.length * 2];
            values = new int[oldKeys.length * 2];
            for (int i = 0; i < oldKeys.length; i++) {
                if (oldKeys[i] != 0) {
                    int slot = slot(oldKeys[i]);
                    keys[slot] = oldKeys[i];
                    values[slot] = oldValues[i];
                }
            }
        }
        int key = letters.length() == 1 ? letters.charAt(0) : key(letters.charAt(0), letters.charAt(1));
        int slot = slot(key);
        keys[slot] = key;
        values[slot] = count;
    }

    private int slot(int key) {
        int slot = key * 0x9e3779b9 >>> 8 & keys.length - 1;
        while (keys[slot] != 0 && keys[slot] != key) {
            slot = slot + 1 & keys.length - 1;
        }
        return slot;
    }

    private static int key(char first, char second) {
        return first << 16 | second;
    }

    private int count(int key) {
        return values[slot(key)];
    }

    /** Nats that the text costs; of two readings of the same bytes the cheaper one is likelier. */
    double cost(String text) {
        double cost = 0;
        char before = ' ';
        char lastOfWord = ' ';
        boolean foreignWord = false;
        char lowerBefore = ' ';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            char lower = Character.toLowerCase(c);
            if (isLetter(c)) {
                char neighbour = before == ' ' ? lastOfWord : before;
                boolean mixed = isLetter(neighbour) && isLatin(c) != isLatin(neighbour);
                cost += !mixed ? 0 : before == ' ' ? MIXED_WORDS : MIXED;
            } else if (c == ' ') {
                lastOfWord = before;
            }
            if (c < 0x80) {
                foreignWord = isLetter(c) && (isLetter(before) ? foreignWord : hasForeign(text, i));
                cost += c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f'
                        ? NO_TEXT
                        : foreignWord ? pair(lowerBefore, lower) : ascii(lower);
            } else if (isLetter(c)) {
                cost += pair(lowerBefore, lower) + capital(before, c);
            } else {
                cost += switch (Character.getType(c)) {
                    case Character.CONTROL, Character.UNASSIGNED, Character.PRIVATE_USE, Character.SURROGATE -> NO_TEXT;
                    default -> c == '\ufffd' ? NO_TEXT : symbol(text, i);
                };
            }
            before = c;
            lowerBefore = lower;
        }
        return cost;
    }

    /** Within a word stand apostrophes, the Catalan dot and soft hyphens, and hardly anything else. */
    private static double symbol(String text, int at) {
        boolean inside = at > 0
                && Character.isLetter(text.charAt(at - 1))
                && at + 1 < text.length()
                && Character.isLetter(text.charAt(at + 1));
        return inside && "\u2019\u00b7\u00ad".indexOf(text.charAt(at)) < 0 ? SYMBOL_INSIDE : SYMBOL;
    }

    /** Whether the word that begins here has letters beyond ASCII's: only in such words do the others count. */
    private static boolean hasForeign(String text, int from) {
        for (int i = from; i < text.length() && isLetter(text.charAt(i)); i++) {
            if (text.charAt(i) >= 0x80) {
                return true;
            }
        }
        return false;
    }

    private static boolean isLetter(char c) {
        return Character.isLetter(c) || Character.getType(c) == Character.NON_SPACING_MARK;
    }

    private static boolean isLatin(char letter) {
        return letter < 0x250;
    }

    private double ascii(char c) {
        return Character.isLetterOrDigit(c) || c == ' ' || c == '\n' ? 3 : 4;
    }

    private double pair(char first, char second) {
        double own = (count(second) + UNSEEN) / (total + UNSEEN * LETTERS);
        double pairs = count(key(first, second));
        return -StrictMath.log((pairs + BACKOFF * own) / (count(first) + BACKOFF));
    }

    private static double capital(char before, char c) {
        if (!Character.isUpperCase(c) || !Character.isLetter(before)) {
            return 0;
        }
        return Character.isUpperCase(before) ? CAPITAL_AFTER_CAPITAL : CAPITAL_INSIDE;
    }
}
