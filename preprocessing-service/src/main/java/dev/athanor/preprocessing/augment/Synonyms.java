package dev.athanor.preprocessing.augment;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import net.sf.extjwnl.JWNLException;
import net.sf.extjwnl.data.IndexWord;
import net.sf.extjwnl.data.POS;
import net.sf.extjwnl.data.Synset;
import net.sf.extjwnl.data.Word;
import net.sf.extjwnl.dictionary.Dictionary;

/** Synonyms of English base forms in WordNet 3.1 (Miller 1995): of the commonest sense over all parts of speech. One thread. */
final class Synonyms implements Alternatives {

    private static final int MIN_LENGTH = 3;
    private static final int MAX_CACHED = 50_000;
    /** Function words that are also rare nouns and verbs ("have", "it") would be replaced by nonsense. */
    private static final Set<String> KEPT = Set.of(
            "the", "and", "are", "was", "were", "been", "being", "have", "has", "had", "did", "does", "doing", "will",
            "can", "may", "might", "must", "would", "could", "should", "not", "for", "but", "with", "from", "that",
            "this", "his", "her", "our", "who", "what", "when", "where", "why", "how", "out", "off", "over", "then",
            "than", "more", "most", "very", "too", "all", "any", "some", "one", "two", "now", "here", "there", "get",
            "got", "let");

    private final Dictionary dictionary;
    private final Map<String, List<String>> cache = new HashMap<>();

    Synonyms() {
        try {
            dictionary = Dictionary.getDefaultResourceInstance();
        } catch (JWNLException e) {
            throw new IllegalStateException("WordNet is not on the class path", e);
        }
    }

    /** Whether a word in lower case is never replaced: short words and those that hold a sentence together. */
    static boolean isKept(String word) {
        return word.length() < MIN_LENGTH || KEPT.contains(word);
    }

    /** In WordNet's order; empty for words that it does not know in this form. */
    @Override
    public List<String> of(String word) {
        String lemma = word.toLowerCase(Locale.ROOT);
        if (isKept(lemma) || !lemma.chars().allMatch(c -> c >= 'a' && c <= 'z')) {
            return List.of();
        }
        if (cache.size() > MAX_CACHED) {
            cache.clear();
        }
        return cache.computeIfAbsent(lemma, this::lookUp);
    }

    private List<String> lookUp(String lemma) {
        var synonyms = new LinkedHashSet<String>();
        int most = -1;
        try {
            for (POS pos : POS.getAllPOS()) {
                IndexWord entry = dictionary.getIndexWord(pos, lemma);
                if (entry == null || entry.getSenses().isEmpty()) {
                    continue;
                }
                // Its list is filled when it is indexed, not before.
                Synset sense = entry.getSenses().get(0);
                int uses = uses(sense, lemma);
                if (uses > most) {
                    most = uses;
                    synonyms.clear();
                    for (Word other : sense.getWords()) {
                        String written = other.getLemma().replace('_', ' ');
                        if (!written.equalsIgnoreCase(lemma)
                                && written.chars().allMatch(c -> c == ' ' || Character.isLetter(c))) {
                            synonyms.add(written);
                        }
                    }
                }
            }
        } catch (JWNLException e) {
            throw new IllegalStateException("WordNet cannot be read", e);
        }
        return new ArrayList<>(synonyms);
    }

    private static int uses(Synset sense, String lemma) {
        return sense.getWords().stream()
                .filter(word -> word.getLemma().equalsIgnoreCase(lemma))
                .mapToInt(Word::getUseCount)
                .max()
                .orElse(0);
    }
}
