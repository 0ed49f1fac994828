package dev.athanor.tokenizer.study;

import dev.athanor.contracts.document.Document;
import dev.athanor.tokenizer.encoding.UnknownText;
import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.Tokenizer;
import dev.athanor.tokenizers.decoders.ByteFallbackDecoder;
import dev.athanor.tokenizers.models.Model;
import dev.athanor.tokenizers.training.WordCounts;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.SortedMap;
import java.util.TreeMap;

/** Encodes held-out documents with one tokenizer and adds up what came out. */
final class Measurer {

    private static final double RARE_SHARE = 0.05;

    private final Tokenizer tokenizer;
    private final UnknownText unknownText;
    private final BitSet used = new BitSet();
    private final TextMeasure.Sums all = new TextMeasure.Sums();
    private final SortedMap<String, TextMeasure.Sums> languages = new TreeMap<>();

    Measurer(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        unknownText = new UnknownText(tokenizer);
    }

    void add(Document document) {
        String text = document.text();
        int[] ids = tokenizer.encodeIds(text);
        for (int id : ids) {
            used.set(id);
        }
        int unknown = unknownText.unknown(ids);
        int uncovered = 0;
        if (unknown > 0 || unknownText.bytes(ids) > 0) {
            for (String stretch : unknownText.stretches(text)) {
                uncovered += stretch.codePointCount(0, stretch.length());
            }
        }
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        String language = document.language() == null ? "und" : document.language();
        all.add(text, bytes, ids.length, unknown, uncovered);
        languages
                .computeIfAbsent(language, l -> new TextMeasure.Sums())
                .add(text, bytes, ids.length, unknown, uncovered);
    }

    Measurement measurement(String algorithm, int vocabularySize, WordCounts trained, long trainingSymbols) {
        var byLanguage = new TreeMap<String, TextMeasure>();
        languages.forEach((language, sums) -> byLanguage.put(language, sums.measure()));
        return new Measurement(
                algorithm,
                vocabularySize,
                tokenizer.vocabSize(),
                all.measure(),
                (double) used.cardinality() / tokenizer.vocabSize(),
                frequency95(trained),
                trainingSymbols,
                byLanguage);
    }

    /** How often 95% of the tokens of several characters occur in the words at least. */
    private long frequency95(WordCounts words) {
        Model model = tokenizer.spec().model();
        long[] frequency = new long[tokenizer.vocabSize()];
        words.forEachSorted((b, from, to, n) -> model.tokenize(
                AlignedText.of(new String(b, from, to - from, StandardCharsets.UTF_8)),
                (id, start, end) -> frequency[id] += n));
        long[] learnt = model.vocabulary().byId().entrySet().stream()
                .filter(e -> !tokenizer.isSpecial(e.getKey()) && isLearnt(e.getValue()))
                .mapToLong(e -> frequency[e.getKey()])
                .sorted()
                .toArray();
        return learnt.length == 0
                ? Arrays.stream(frequency).max().orElse(0)
                : learnt[(int) (RARE_SHARE * learnt.length)];
    }

    private static boolean isLearnt(String token) {
        return token.codePointCount(0, token.length()) > 1 && ByteFallbackDecoder.byteOf(token) < 0;
    }
}
