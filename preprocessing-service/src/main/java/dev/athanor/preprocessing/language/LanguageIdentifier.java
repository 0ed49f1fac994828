package dev.athanor.preprocessing.language;

import dev.athanor.preprocessing.language.MaxentModel.Weights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.Character.UnicodeScript;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Tells the language of a text from its character 1- to 3-grams, with the weights of the Apache OpenNLP language detector
 * (103 languages, trained on the Leipzig corpora, Apache-2.0), held in a hash table of our own. Not for several threads.
 */
public final class LanguageIdentifier {

    private static final String MODEL = "langdetect-183.bin";
    /** Beyond so many characters more text says nothing new. */
    private static final int ENOUGH = 600;

    /** What ISO 639-3 splits further than BCP 47 usage does. */
    private static final Map<String, String> MERGED =
            Map.of("cmn", "zh", "pes", "fa", "lvs", "lv", "ekk", "et", "plt", "mg");

    /** Scripts that the model has no language for, but that one language uses far more than others. */
    private static final Map<UnicodeScript, String> BY_SCRIPT = Map.of(
            UnicodeScript.ETHIOPIC, "am",
            UnicodeScript.KHMER, "km",
            UnicodeScript.LAO, "lo",
            UnicodeScript.MYANMAR, "my",
            UnicodeScript.TIBETAN, "bo",
            UnicodeScript.ORIYA, "or",
            UnicodeScript.THAANA, "dv");

    /**
     * @param language BCP 47 code
     * @param probability among the model's languages
     */
    public record Guess(String language, double probability) {}

    /** Loaded once, when first asked for. */
    private static final class Model {
        static final MaxentModel MAXENT = load();
        static final List<String> CODES = codes(MAXENT.languages());
        static final Table TABLE = new Table(MAXENT.weights());

        private static MaxentModel load() {
            try {
                return MaxentModel.ofResource(MODEL);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** N-grams of up to three UTF-16 units, packed into a long, to weights. */
    private static final class Table {
        private final long[] keys;
        private final Weights[] values;
        private final int mask;

        Table(Map<String, Weights> weights) {
            int capacity = Integer.highestOneBit(weights.size()) << 2;
            keys = new long[capacity];
            values = new Weights[capacity];
            mask = capacity - 1;
            weights.forEach((ngram, value) -> {
                if (ngram.length() <= 3) {
                    long key = 0;
                    for (int i = 0; i < ngram.length(); i++) {
                        key = key << 16 | ngram.charAt(i);
                    }
                    int slot = slot(key);
                    keys[slot] = key;
                    values[slot] = value;
                }
            });
        }

        int slot(long key) {
            int slot = (int) ((key * 0x9E3779B97F4A7C15L) >>> 40) & mask;
            while (keys[slot] != 0 && keys[slot] != key) {
                slot = (slot + 1) & mask;
            }
            return slot;
        }
    }

    private final double[] scores = new double[Model.CODES.size()];
    /** By slot of the table: the number of the text in which the n-gram was last seen. */
    private final int[] seen = new int[Model.TABLE.keys.length];

    private int texts;

    /** All codes that {@link #identify} can give, sorted. */
    public static List<String> languages() {
        var codes = new TreeSet<>(Model.CODES);
        codes.addAll(BY_SCRIPT.values());
        return List.copyOf(codes);
    }

    /** The most probable language; {@code und} for a text without letters. */
    public Guess identify(String text) {
        String byScript = byScript(text);
        if (byScript != null) {
            return new Guess(byScript, 1);
        }
        Arrays.fill(scores, 0);
        texts++;
        Table table = Model.TABLE;
        int letters = 0;
        long two = 0;
        long three = 0;
        boolean blank = true;
        int limit = Math.min(text.length(), ENOUGH);
        int length = 0;
        for (int i = 0; i < limit; i++) {
            char c = text.charAt(i);
            boolean space = Character.isWhitespace(c) || Character.isDigit(c);
            if (space && blank) {
                continue;
            }
            blank = space;
            char lower = space ? ' ' : Character.toLowerCase(c);
            length++;
            letters += Character.isLetter(c) || Character.isSurrogate(c) ? 1 : 0;
            add(table, lower);
            two = (two & 0xFFFF) << 16 | lower;
            three = (three & 0xFFFFFFFFL) << 16 | lower;
            if (length >= 2) {
                add(table, two);
            }
            if (length >= 3) {
                add(table, three);
            }
        }
        return letters == 0 ? new Guess("und", 0) : best();
    }

    /** The language of a text whose first letters are in one of those scripts, or null. */
    private static @Nullable String byScript(String text) {
        for (int i = 0; i < Math.min(text.length(), ENOUGH); i++) {
            if (Character.isLetter(text.charAt(i))) {
                return text.charAt(i) < 0x700 ? null : BY_SCRIPT.get(UnicodeScript.of(text.charAt(i)));
            }
        }
        return null;
    }

    private void add(Table table, long key) {
        int slot = table.slot(key);
        Weights weights = table.values[slot];
        if (weights == null || seen[slot] == texts) {
            return;
        }
        seen[slot] = texts;
        short[] languages = weights.languages();
        float[] values = weights.values();
        for (int i = 0; i < languages.length; i++) {
            scores[languages[i]] += values[i];
        }
    }

    private Guess best() {
        int best = 0;
        for (int i = 1; i < scores.length; i++) {
            best = scores[i] > scores[best] ? i : best;
        }
        double sum = 0;
        for (double score : scores) {
            sum += Math.exp(score - scores[best]);
        }
        return new Guess(Model.CODES.get(best), 1 / sum);
    }

    private static List<String> codes(List<String> iso3) {
        Map<String, String> twoLetters = new HashMap<>(MERGED);
        for (String two : Locale.getISOLanguages()) {
            twoLetters.putIfAbsent(Locale.of(two).getISO3Language(), two);
        }
        return iso3.stream().map(code -> twoLetters.getOrDefault(code, code)).toList();
    }
}
