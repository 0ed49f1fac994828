package dev.athanor.preprocessing.decontaminate;

import dev.athanor.contracts.spec.DecontaminationSpec;
import dev.athanor.preprocessing.words.HashedWords;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Finds texts of evaluation sets in documents. Exact: n words in a row are the same (a shorter text: all of it). Fuzzy: of
 * the text's shorter n-grams a large share is in a stretch of the document twice as long as the text. One thread.
 */
public final class BenchmarkIndex {

    /** An n-gram of more texts than this tells nothing of one of them; it also bounds the work for a word of a document. */
    private static final int MAX_TEXTS_OF_NGRAM = 64;
    /** With fewer n-grams to count, a share means little. */
    private static final int MIN_FUZZY_NGRAMS = 6;

    /** @param benchmark its number in the specification */
    public record Found(int benchmark, int text, boolean exact) {}

    private final DecontaminationSpec spec;
    private final int[] benchmarks;
    private final int[] words;
    /** Of each text: how many of its shorter n-grams count. */
    private final int[] fuzzyTotals;
    /** Length in words to the n-grams of that length. */
    private final SortedMap<Integer, LongLists> exact;

    private final LongLists fuzzy;
    private final HashedWords hashed = new HashedWords();

    private BenchmarkIndex(Builder builder) {
        spec = builder.spec;
        benchmarks = Arrays.copyOf(builder.benchmarks, builder.texts);
        words = Arrays.copyOf(builder.words, builder.texts);
        exact = builder.exact;
        exact.values().forEach(LongLists::freeze);
        fuzzy = builder.fuzzy;
        fuzzy.freeze();
        fuzzyTotals = new int[builder.texts];
        for (int i = 0; i < fuzzy.size(); ) {
            int end = i + 1;
            while (fuzzy.has(end, fuzzy.key(i))) {
                end++;
            }
            for (int pair = i; pair < end && end - i <= MAX_TEXTS_OF_NGRAM; pair++) {
                fuzzyTotals[fuzzy.value(pair)]++;
            }
            i = end;
        }
    }

    /** Gathers the texts. */
    static final class Builder {
        private final DecontaminationSpec spec;
        private int[] benchmarks = new int[64];
        private int[] words = new int[64];
        private int texts;
        private final SortedMap<Integer, LongLists> exact = new TreeMap<>();
        private final LongLists fuzzy = new LongLists();
        private final HashedWords hashed = new HashedWords();

        Builder(DecontaminationSpec spec) {
            this.spec = spec;
        }

        void add(int benchmark, String text) {
            int count = hashed.read(text);
            if (texts == benchmarks.length) {
                benchmarks = Arrays.copyOf(benchmarks, texts * 2);
                words = Arrays.copyOf(words, texts * 2);
            }
            benchmarks[texts] = benchmark;
            words[texts] = count;
            int number = texts++;
            if (count < spec.minWords()) {
                return;
            }
            int length = Math.min(count, spec.ngram());
            LongLists lists = exact.computeIfAbsent(length, l -> new LongLists());
            hashed.ngrams(length, (first, hash) -> lists.add(hash, number));
            if (spec.fuzzyOverlap() > 0) {
                hashed.ngrams(spec.fuzzyNgram(), (first, hash) -> fuzzy.add(hash, number));
            }
        }

        BenchmarkIndex build() {
            return new BenchmarkIndex(this);
        }
    }

    /** An index of texts that are all of the specification's first benchmark. */
    public static BenchmarkIndex of(DecontaminationSpec spec, List<String> texts) {
        var builder = new Builder(spec);
        texts.forEach(text -> builder.add(0, text));
        return builder.build();
    }

    /** Texts of each benchmark, those too short to be looked for included. */
    public long texts(int benchmark) {
        return Arrays.stream(benchmarks).filter(b -> b == benchmark).count();
    }

    /** The evaluation texts that the document holds, by number; an exact finding hides a fuzzy one. */
    public List<Found> find(String document) {
        var found = new TreeMap<Integer, Found>();
        hashed.read(document);
        exact.forEach((length, lists) -> hashed.ngrams(length, (first, hash) -> {
            for (int pair = lists.first(hash); lists.has(pair, hash); pair++) {
                int text = lists.value(pair);
                found.putIfAbsent(text, new Found(benchmarks[text], text, true));
            }
        }));
        if (fuzzy.size() > 0) {
            for (int text : fuzzy()) {
                found.putIfAbsent(text, new Found(benchmarks[text], text, false));
            }
        }
        return List.copyOf(found.values());
    }

    /** Places in the document where n-grams of one text are, and which ones. */
    private static final class Hits {
        private final List<int[]> placeAndNgram = new ArrayList<>();
    }

    private List<Integer> fuzzy() {
        Map<Integer, Hits> byText = new HashMap<>();
        hashed.ngrams(spec.fuzzyNgram(), (place, hash) -> {
            int from = fuzzy.first(hash);
            if (from < 0 || fuzzy.has(from + MAX_TEXTS_OF_NGRAM, hash)) {
                return;
            }
            for (int pair = from; fuzzy.has(pair, hash); pair++) {
                byText.computeIfAbsent(fuzzy.value(pair), t -> new Hits())
                        .placeAndNgram
                        .add(new int[] {place, pair});
            }
        });
        var texts = new ArrayList<Integer>();
        byText.forEach((text, hits) -> {
            double wanted = spec.fuzzyOverlap() * fuzzyTotals[text];
            if (fuzzyTotals[text] >= MIN_FUZZY_NGRAMS && mostWithin(hits, 2 * words[text]) >= wanted) {
                texts.add(text);
            }
        });
        return texts;
    }

    /** The most different n-grams in any stretch of so many words. */
    private static int mostWithin(Hits hits, int stretch) {
        Map<Integer, Integer> inside = new HashMap<>();
        int most = 0;
        int oldest = 0;
        for (int[] hit : hits.placeAndNgram) {
            inside.merge(hit[1], 1, Integer::sum);
            while (hits.placeAndNgram.get(oldest)[0] <= hit[0] - stretch) {
                int gone = hits.placeAndNgram.get(oldest++)[1];
                inside.computeIfPresent(gone, (n, count) -> count == 1 ? null : count - 1);
            }
            most = Math.max(most, inside.size());
        }
        return most;
    }
}
