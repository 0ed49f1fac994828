package dev.athanor.preprocessing.augment;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Easy data augmentation (Wei and Zou 2019): synonyms in place of words, synonyms put in at random places, words swapped, words
 * deleted. Of a text of n words, rate * n are changed, at least one.
 */
final class EditAugmenter implements Augmenter {

    /** What is done to the words. */
    enum Edit {
        SYNONYM,
        INSERT,
        DELETE,
        SWAP
    }

    private static final int TRIES = 10;

    private final Edit edit;
    private final double rate;
    private final Alternatives alternatives;

    EditAugmenter(Edit edit, double rate, Alternatives alternatives) {
        this.edit = edit;
        this.rate = rate;
        this.alternatives = alternatives;
    }

    @Override
    public String augment(String text, @Nullable String label, SplittableRandom random) {
        Words parsed = Words.of(text);
        if (parsed.words().size() < 2) {
            return text;
        }
        var words = new ArrayList<>(parsed.words());
        var gaps = new ArrayList<>(parsed.gaps());
        if (edit == Edit.DELETE) {
            return deleted(words, gaps, random).text();
        }
        int changes = Math.max(1, (int) Math.round(rate * words.size()));
        for (int i = 0; i < changes; i++) {
            switch (edit) {
                case SYNONYM -> replace(words, random);
                case INSERT -> insert(words, gaps, random);
                default -> swap(words, random);
            }
        }
        return new Words(words, gaps).text();
    }

    private void replace(List<String> words, SplittableRandom random) {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            int at = random.nextInt(words.size());
            List<String> others = alternatives.of(words.get(at));
            if (!others.isEmpty()) {
                words.set(at, Words.likeCase(others.get(random.nextInt(others.size())), words.get(at)));
                return;
            }
        }
    }

    private void insert(List<String> words, List<String> gaps, SplittableRandom random) {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            List<String> others = alternatives.of(words.get(random.nextInt(words.size())));
            if (!others.isEmpty()) {
                // Behind a word, so that the text begins as it did.
                int at = 1 + random.nextInt(words.size());
                words.add(at, others.get(random.nextInt(others.size())));
                gaps.add(at, " ");
                return;
            }
        }
    }

    private static void swap(List<String> words, SplittableRandom random) {
        int a = random.nextInt(words.size());
        int b = (a + 1 + random.nextInt(words.size() - 1)) % words.size();
        String swapped = words.get(a);
        words.set(a, words.get(b));
        words.set(b, swapped);
    }

    private Words deleted(List<String> words, List<String> gaps, SplittableRandom random) {
        var keptWords = new ArrayList<String>();
        var keptGaps = new ArrayList<>(List.of(gaps.getFirst()));
        int survivor = random.nextInt(words.size());
        for (int i = 0; i < words.size(); i++) {
            String gap = gaps.get(i + 1);
            if (i == survivor || random.nextDouble() >= rate) {
                keptWords.add(words.get(i));
                keptGaps.add(gap);
            } else if (!gap.isBlank()) {
                // The marks behind the word stay, its blank does not stay twice.
                keptGaps.set(keptGaps.size() - 1, keptGaps.getLast().stripTrailing() + gap);
            }
        }
        return new Words(keptWords, keptGaps);
    }
}
