package dev.athanor.preprocessing.language;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.Character.UnicodeScript;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Tells the language of a text by a linear model over the character 1- to 4-grams that it has. The weights start from those of
 * the Apache OpenNLP language detector (Apache-2.0) and were trained further (softmax regression) on sentences of the Leipzig
 * corpora (CC BY) and the Universal Declaration of Human Rights; {@code LanguageTraining} in the tests makes them. Not for
 * several threads.
 */
public final class LanguageIdentifier {

    private static final String MODEL = "preprocessing-languages.zst";

    /** Scripts that the model has no language for, but that one language uses far more than others. */
    private static final Map<UnicodeScript, String> BY_SCRIPT = Map.of(
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
        static final NgramWeights WEIGHTS = load();

        private static NgramWeights load() {
            try (InputStream resource =
                    LanguageIdentifier.class.getClassLoader().getResourceAsStream(MODEL)) {
                if (resource == null) {
                    throw new IOException("no '" + MODEL + "' on the class path");
                }
                return NgramWeights.read(resource);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private final NgramWeights weights;
    private final int[] scores;
    /** By slot: the number of the text in which the n-gram was last seen. */
    private final int[] seen;

    private int texts;

    public LanguageIdentifier() {
        this(Model.WEIGHTS);
    }

    LanguageIdentifier(NgramWeights weights) {
        this.weights = weights;
        scores = new int[weights.languages().size()];
        seen = new int[weights.slots()];
    }

    /** All codes that {@link #identify} can give, sorted. */
    public static List<String> languages() {
        var codes = new TreeSet<>(Model.WEIGHTS.languages());
        codes.addAll(BY_SCRIPT.values());
        return List.copyOf(codes);
    }

    /** The most probable language; {@code und} for a text without letters. */
    public Guess identify(String text) {
        int letter = firstLetter(text);
        if (letter < 0) {
            return new Guess("und", 0);
        }
        String byScript = byScript(text.charAt(letter));
        if (byScript != null) {
            return new Guess(byScript, 1);
        }
        Arrays.fill(scores, 0);
        texts++;
        Ngrams.visit(text, NgramWeights.MAX_N, this::add);
        return best();
    }

    private static int firstLetter(String text) {
        for (int i = 0; i < Math.min(text.length(), Ngrams.ENOUGH); i++) {
            if (Character.isLetter(text.charAt(i)) || Character.isSurrogate(text.charAt(i))) {
                return i;
            }
        }
        return -1;
    }

    /** The language of a text whose first letter is in one of those scripts, or null. */
    private static @Nullable String byScript(char letter) {
        return letter < 0x700 ? null : BY_SCRIPT.get(UnicodeScript.of(letter));
    }

    private void add(long ngram) {
        int slot = weights.slot(ngram);
        if (weights.isKnown(slot) && seen[slot] != texts) {
            seen[slot] = texts;
            weights.addTo(scores, slot);
        }
    }

    private Guess best() {
        int best = 0;
        for (int i = 1; i < scores.length; i++) {
            best = scores[i] > scores[best] ? i : best;
        }
        double sum = 0;
        for (int score : scores) {
            sum += Math.exp((score - scores[best]) * NgramWeights.STEP);
        }
        return new Guess(weights.languages().get(best), 1 / sum);
    }
}
