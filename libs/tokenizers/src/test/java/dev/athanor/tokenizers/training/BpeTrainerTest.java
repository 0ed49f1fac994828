package dev.athanor.tokenizers.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.tokenizers.Shared;
import dev.athanor.tokenizers.Tokenizer;
import dev.athanor.tokenizers.TokenizerSpec;
import dev.athanor.tokenizers.decoders.ByteLevelDecoder;
import dev.athanor.tokenizers.models.Bpe;
import dev.athanor.tokenizers.models.Model;
import dev.athanor.tokenizers.pretokenizers.ByteLevel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class BpeTrainerTest {

    private static final ByteLevel BYTE_LEVEL = new ByteLevel(false, true, true);

    @Test
    void mergesTheMostFrequentPairAndOfEqualsTheSmallestIds() {
        WordCounts counts = new WordCounts();
        counts.add("abab", 3);
        counts.add("bc", 3);
        counts.add("cd", 3);
        Bpe bpe = new BpeTrainer(TrainerOptions.bpe(7)).train(counts);
        // ab occurs 6 times; then bc, cd and ab+ab 3 times each, of which (b, c) has the smallest left id.
        assertThat(bpe.merges())
                .containsExactly(new Bpe.Merge("a", "b"), new Bpe.Merge("b", "c"), new Bpe.Merge("c", "d"));
        assertThat(bpe.vocabulary().tokens()).containsExactly("a", "b", "c", "d", "ab", "bc", "cd");
    }

    @Test
    void countsMadeApartTrainTheSameModel() {
        List<String> texts = List.of("the cat sat on the mat", "the dog saw the cat", "a mat and a hat");
        WordCounter whole = new WordCounter(null, BYTE_LEVEL);
        texts.forEach(whole::count);
        WordCounts sum = new WordCounts();
        for (String text : texts.reversed()) {
            WordCounter part = new WordCounter(null, BYTE_LEVEL);
            part.count(text);
            sum.addAll(part.counts());
        }
        TrainerOptions options = TrainerOptions.bpe(300).withByteAlphabet().withSpecialTokens(List.of("<|endoftext|>"));
        Tokenizer one = tokenizer(new BpeTrainer(options).train(whole.counts()));
        Tokenizer other = tokenizer(new BpeTrainer(options).train(sum));
        assertThat(other.toJson()).isEqualTo(one.toJson());
        assertThat(one.tokenToId("<|endoftext|>")).isZero();
        assertThat(one.decode(one.encodeIds("the hat — 帽子 🎩"))).isEqualTo("the hat — 帽子 🎩");
    }

    @Test
    void trainsWhatTheReferenceTrains() {
        JsonNode expected = Shared.json("golden/trained/hf-bpe-en10.json.zst");
        WordCounter counter = new WordCounter(null, BYTE_LEVEL);
        // The reference reads a file line by line and keeps the line ends.
        lines("data/bench_corpus/en10.txt.zst").forEach(counter::count);
        Bpe bpe = new BpeTrainer(TrainerOptions.bpe(30_000)).train(counter.counts());
        List<String> merges = expected.at("/model/merges")
                .valueStream()
                .map(m -> m.get(0).stringValue() + " " + m.get(1).stringValue())
                .toList();
        assertThat(bpe.merges().stream().map(m -> m.left() + " " + m.right()).toList())
                .isEqualTo(merges);
        JsonNode vocabulary = expected.at("/model/vocab");
        assertThat(bpe.vocabulary().size()).isEqualTo(vocabulary.size());
        bpe.vocabulary()
                .byId()
                .forEach((id, token) ->
                        assertThat(vocabulary.path(token).asInt()).isEqualTo(id));
        assertThat(Shared.tree(written(expected, bpe)).equals(expected))
                .as("the whole tokenizer.json is that of the reference")
                .isTrue();
    }

    /** The tokenizer.json of a model that we trained, within the other parts of a file of the reference. */
    static String written(JsonNode file, Model trained) {
        TokenizerSpec parts = Tokenizer.fromJson(file.toString()).spec();
        return Tokenizer.of(new TokenizerSpec(
                        parts.truncation(),
                        parts.padding(),
                        parts.addedTokens(),
                        parts.normalizer(),
                        parts.preTokenizer(),
                        parts.postProcessor(),
                        parts.decoder(),
                        trained))
                .toJson();
    }

    static List<String> lines(String name) {
        String text = Shared.text(name);
        List<String> lines = new ArrayList<>();
        for (int from = 0; from < text.length(); ) {
            int end = text.indexOf('\n', from);
            int to = end < 0 ? text.length() : end + 1;
            lines.add(text.substring(from, to));
            from = to;
        }
        return lines;
    }

    private static Tokenizer tokenizer(Bpe bpe) {
        return Tokenizer.of(TokenizerSpec.of(BYTE_LEVEL, bpe, new ByteLevelDecoder(true, true, true)));
    }
}
