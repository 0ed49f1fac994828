package dev.athanor.tokenizers.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.tokenizers.IntList;
import dev.athanor.tokenizers.Shared;
import dev.athanor.tokenizers.Tokenizer;
import dev.athanor.tokenizers.TokenizerSpec;
import dev.athanor.tokenizers.models.Unigram;
import dev.athanor.tokenizers.models.WordLevel;
import dev.athanor.tokenizers.models.WordPiece;
import dev.athanor.tokenizers.normalizers.BertNormalizer;
import dev.athanor.tokenizers.normalizers.UnicodeNormalizer;
import dev.athanor.tokenizers.pretokenizers.BertPreTokenizer;
import dev.athanor.tokenizers.pretokenizers.Metaspace;
import dev.athanor.tokenizers.pretokenizers.Metaspace.PrependScheme;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer.Form;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class OtherTrainersTest {

    @Test
    void wordPieceIsTheReferencesVocabulary() {
        JsonNode file = Shared.json("golden/trained/hf-wordpiece-en10.json.zst");
        List<String> tokens = file.at("/model/vocab").properties().stream()
                .sorted((a, b) ->
                        Integer.compare(a.getValue().asInt(), b.getValue().asInt()))
                .map(e -> e.getKey())
                .toList();
        // The reference numbers the characters inside of words in the order of a hash table with random keys.
        List<String> order = tokens.stream()
                .filter(t -> t.startsWith("##") && t.codePointCount(0, t.length()) == 3)
                .toList();
        WordCounter counter = new WordCounter(new BertNormalizer(true, true, null, true), new BertPreTokenizer());
        BpeTrainerTest.lines("data/bench_corpus/en10.txt.zst").forEach(counter::count);
        TrainerOptions options = TrainerOptions.wordPiece(30_000);
        WordPiece trained = new WordPieceTrainer(options.withSymbolOrder(order), "[UNK]").train(counter.counts());
        assertThat(trained.vocabulary().tokens()).isEqualTo(tokens);
        assertThat(Shared.tree(BpeTrainerTest.written(file, trained)).equals(file))
                .as("the whole tokenizer.json is that of the reference")
                .isTrue();
        // Without the order, ties between pairs break otherwise, and nothing else is different.
        Set<String> shared = new HashSet<>(new WordPieceTrainer(options, "[UNK]")
                .train(counter.counts())
                .vocabulary()
                .tokens());
        shared.retainAll(new HashSet<>(tokens));
        System.out.printf("wordpiece without the order: %d of %d tokens shared%n", shared.size(), tokens.size());
        assertThat(shared.size()).isGreaterThan(29_900);
    }

    @Test
    void unigramSharesTheReferencesVocabulary() {
        JsonNode expected =
                Shared.json("golden/trained/hf-unigram-en10.json.zst").at("/model/vocab");
        UnicodeNormalizer normalizer = new UnicodeNormalizer(Form.NFKC);
        Metaspace pre = new Metaspace(0x2581, PrependScheme.ALWAYS, true);
        WordCounter counter = new WordCounter(normalizer, pre);
        List<String> lines = BpeTrainerTest.lines("data/bench_corpus/en10.txt.zst");
        lines.forEach(counter::count);
        Unigram trained = new UnigramTrainer(UnigramOptions.of(8000)).train(counter.counts());
        assertThat(trained.vocabulary().size()).isEqualTo(8000);
        Set<String> shared = new HashSet<>(trained.vocabulary().tokens());
        Set<String> reference = new HashSet<>();
        expected.forEach(e -> reference.add(e.get(0).stringValue()));
        shared.retainAll(reference);
        double bytesPerToken = bytesPerToken(trained, normalizer, pre, lines);
        Tokenizer referenceTokenizer = Tokenizer.fromJson(Shared.text("golden/trained/hf-unigram-en10.json.zst"));
        double reached = bytesPerToken((Unigram) referenceTokenizer.spec().model(), normalizer, pre, lines);
        System.out.printf(
                "unigram: %d of 8000 tokens shared, %.4f bytes a token, reference %.4f%n",
                shared.size(), bytesPerToken, reached);
        assertThat(shared.size()).isGreaterThanOrEqualTo(7840);
        assertThat(bytesPerToken).isGreaterThanOrEqualTo(reached * 0.9999);
    }

    private static double bytesPerToken(Unigram model, UnicodeNormalizer n, Metaspace pre, List<String> lines) {
        Tokenizer tokenizer = Tokenizer.of(new TokenizerSpec(null, null, List.of(), n, pre, null, null, model));
        long bytes = 0;
        IntList ids = new IntList();
        for (String line : lines.subList(0, 10_000)) {
            bytes += line.getBytes(StandardCharsets.UTF_8).length;
            tokenizer.encodeIds(line, ids);
        }
        return (double) bytes / ids.size();
    }

    @Test
    void unigramFindsTheWordsOfASmallLanguage() {
        WordCounts counts = new WordCounts();
        for (String left : List.of("un", "re", "pre")) {
            for (String right : List.of("load", "view", "test", "pack", "form")) {
                for (String end : List.of("", "s", "ed")) {
                    counts.add(left + right + end, 10);
                    counts.add(right + end, 20);
                }
            }
        }
        Unigram trained = new UnigramTrainer(UnigramOptions.of(40).withSpecialTokens(List.of("<unk>", "</s>"), "<unk>"))
                .train(counts);
        assertThat(trained.unkId()).isZero();
        assertThat(trained.vocabulary().tokens())
                .startsWith("<unk>", "</s>")
                .contains("load", "view", "form", "test", "pack");
    }

    @Test
    void wordLevelTakesTheMostFrequentAndOfEqualsTheSmaller() {
        WordCounts counts = new WordCounts();
        counts.add("b", 2);
        counts.add("a", 2);
        counts.add("c", 5);
        counts.add("d", 1);
        TrainerOptions options = TrainerOptions.bpe(4).withSpecialTokens(List.of("<unk>"));
        WordLevel trained = new WordLevelTrainer(options, "<unk>").train(counts);
        assertThat(trained.vocabulary().tokens()).containsExactly("<unk>", "c", "a", "b");
    }
}
