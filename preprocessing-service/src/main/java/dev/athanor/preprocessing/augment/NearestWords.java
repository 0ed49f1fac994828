package dev.athanor.preprocessing.augment;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.error.Checks;
import dev.athanor.contracts.spec.AugmentSpec;
import dev.athanor.tokenizers.Tokenizer;
import dev.athanor.tokenizers.Vocabulary;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The words whose embeddings in a language model of our own point the same way: cosine of the embeddings less their mean (Mu and Viswanath 2018:
 * what all words share says nothing). Words are those that the model's tokenizer has as one token; others have no neighbours. One thread.
 */
final class NearestWords implements Alternatives {

    private static final int MIN_LENGTH = 3;
    private static final int MAX_CACHED = 50_000;

    private final List<String> words;
    private final Map<String, Integer> rows = new HashMap<>();
    /** Of length 1, row by row. */
    private final float[] vectors;

    private final int width;
    private final int neighbours;
    private final double minSimilarity;
    private final Map<String, List<String>> cache = new HashMap<>();

    /** @throws dev.athanor.contracts.error.AthanorException INVALID_SPEC for an artifact of another kind */
    static NearestWords load(ArtifactStore store, AugmentSpec.Embedding spec) throws IOException {
        Manifest model = store.manifest(spec.model());
        Checks.that(
                model.kind() == ArtifactKind.LANGUAGE_MODEL || model.kind() == ArtifactKind.CLASSIFIER,
                "embedding.model",
                model.kind().slug(),
                "an artifact of kind language-model or classifier");
        Tokenizer tokenizer;
        try (var in = store.open(model.file("tokenizer.json"))) {
            tokenizer = Tokenizer.fromJson(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        try (var in = new BufferedInputStream(store.open(model.file("model.safetensors")))) {
            return read(words(tokenizer), in, spec.neighbours(), spec.minSimilarity());
        }
    }

    /** @param idOfWord words in lower case and the rows of their embeddings */
    static NearestWords read(
            Map<String, Integer> idOfWord, InputStream safetensors, int neighbours, double minSimilarity)
            throws IOException {
        List<String> words = idOfWord.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .toList();
        int[] ids = idOfWord.values().stream().mapToInt(id -> id).sorted().toArray();
        return new NearestWords(words, EmbeddingTable.read(safetensors, ids), neighbours, minSimilarity);
    }

    /** @param table with a row for each of the first words; its values are changed in place, for it may be large */
    private NearestWords(List<String> words, EmbeddingTable table, int neighbours, double minSimilarity) {
        this.neighbours = neighbours;
        this.minSimilarity = minSimilarity;
        width = table.width();
        vectors = table.values();
        this.words = words.subList(0, vectors.length / width);
        for (int row = 0; row < this.words.size(); row++) {
            rows.put(words.get(row), row);
        }
        centre();
        normalize();
    }

    /** Whole words in lower case: tokens with the tokenizer's mark of a beginning, or without its mark of a continuation. */
    static Map<String, Integer> words(Tokenizer tokenizer) {
        Vocabulary vocabulary = tokenizer.spec().model().vocabulary();
        List<String> marks = List.of("\u2581", "\u0120", "");
        long tokens = vocabulary.size();
        String mark = marks.stream()
                .filter(m -> m.isEmpty()
                        || vocabulary.tokens().stream()
                                        .filter(token -> token != null && token.startsWith(m))
                                        .count()
                                > tokens / 20)
                .findFirst()
                .orElse("");
        Map<String, Integer> words = new HashMap<>();
        vocabulary.byId().forEach((id, token) -> {
            String word = token.startsWith(mark) ? token.substring(mark.length()) : "";
            if (word.length() >= MIN_LENGTH
                    && !tokenizer.isSpecial(id)
                    && word.chars().allMatch(c -> Character.isLetter(c) && Character.isLowerCase(c) && c < 0x250)) {
                words.put(word, id);
            }
        });
        // Bytes in the guise of letters: only ASCII is what it seems.
        if (mark.equals("\u0120")) {
            words.keySet().removeIf(word -> word.chars().anyMatch(c -> c > 127));
        }
        return words;
    }

    private void centre() {
        var mean = new double[width];
        for (int i = 0; i < vectors.length; i++) {
            mean[i % width] += vectors[i];
        }
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] -= (float) (mean[i % width] / words.size());
        }
    }

    private void normalize() {
        for (int row = 0; row < words.size(); row++) {
            double squares = 0;
            for (int i = row * width; i < (row + 1) * width; i++) {
                squares += (double) vectors[i] * vectors[i];
            }
            double length = Math.sqrt(squares);
            for (int i = row * width; length > 0 && i < (row + 1) * width; i++) {
                vectors[i] /= (float) length;
            }
        }
    }

    @Override
    public List<String> of(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        if (Synonyms.isKept(lower) || !rows.containsKey(lower)) {
            return List.of();
        }
        if (cache.size() > MAX_CACHED) {
            cache.clear();
        }
        return cache.computeIfAbsent(lower, this::nearest);
    }

    private record Near(int row, double similarity) {}

    private List<String> nearest(String word) {
        int own = Objects.requireNonNull(rows.get(word));
        var near = new ArrayList<Near>();
        for (int row = 0; row < words.size(); row++) {
            double similarity = similarity(own * width, row * width);
            if (row != own && similarity >= minSimilarity && !Synonyms.isKept(words.get(row))) {
                near.add(new Near(row, similarity));
            }
        }
        near.sort(Comparator.comparingDouble(Near::similarity).reversed().thenComparingInt(Near::row));
        return near.stream().limit(neighbours).map(n -> words.get(n.row)).toList();
    }

    /** Sums in one order, so that equal inputs give equal words on any machine. */
    private double similarity(int a, int b) {
        double sum = 0;
        for (int i = 0; i < width; i++) {
            sum += (double) vectors[a + i] * vectors[b + i];
        }
        return sum;
    }
}
