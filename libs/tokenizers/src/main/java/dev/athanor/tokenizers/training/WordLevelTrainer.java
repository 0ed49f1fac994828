package dev.athanor.tokenizers.training;

import dev.athanor.tokenizers.Vocabulary;
import dev.athanor.tokenizers.models.WordLevel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The most frequent words, of equals the smaller by code points, after the special tokens. */
public final class WordLevelTrainer {

    private record Word(String text, long count) {}

    private final TrainerOptions options;
    private final String unkToken;

    public WordLevelTrainer(TrainerOptions options, String unkToken) {
        this.options = options;
        this.unkToken = unkToken;
    }

    public WordLevel train(WordCounts counts) {
        List<Word> words = new ArrayList<>(counts.size());
        counts.forEachSorted((b, from, to, n) -> {
            if (n >= options.minFrequency()) {
                words.add(new Word(new String(b, from, to - from, StandardCharsets.UTF_8), n));
            }
        });
        words.sort(Comparator.comparingLong(Word::count).reversed()); // stable: equals stay in the order of code points
        Set<String> tokens = new LinkedHashSet<>();
        options.specialTokens().forEach(t -> tokens.add(t.content()));
        for (Word word : words) {
            if (tokens.size() >= options.vocabSize()) {
                break;
            }
            tokens.add(word.text());
        }
        return new WordLevel(Vocabulary.ofList(new ArrayList<>(tokens)), unkToken);
    }
}
